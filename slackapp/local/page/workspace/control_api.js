/** The control API of the local workspace. */

/** What went wrong, in a sentence a person can read. */
export class Trouble extends Error {}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Trouble("The local workspace does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok || answer === null) {
    throw new Trouble(answer?.error ?? `The local workspace answered ${response.status} to ${path}.`);
  }
  return answer;
}

/** Read from the control API. @param {string} path below /control/ */
export const read = (path) => call(`/control/${path}`);

/** Write to the control API. @param {string} path below /control/ @param {object} body */
export const write = (path, body) =>
  call(`/control/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

/** Do something as a person: `act("click", {...})`. Resolves to {ok, error, ack, took_ms}. */
export const act = (name, body) => write(`act/${name}`, body);

/**
 * Listen to what changes for one person; connects again for as long as the page lives.
 * @param {string} user
 * @param {{changed: (what: string[]) => void, online: (yes: boolean) => void}} listener
 * @returns {() => void} stops listening
 */
export function listen(user, listener) {
  let socket = null;
  let stopped = false;
  let pause = 250;
  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/control/feed?user=${encodeURIComponent(user)}`);
    socket.onopen = () => {
      pause = 250;
      listener.online(true);
    };
    socket.onmessage = (event) => listener.changed(JSON.parse(event.data).changed ?? []);
    socket.onclose = () => {
      if (stopped) return;
      listener.online(false);
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, 4000);
    };
  };
  connect();
  return () => {
    stopped = true;
    socket.close();
  };
}
