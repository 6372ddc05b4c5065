/** One exchange with the app: in a line, and opened. */

import { wallTime } from "../ui/dates.js";
import { el } from "../ui/dom.js";
import { jsonPart, masked } from "./json.js";

/** Kinds of exchange, by the word of the filter. */
export const KINDS = {
  command: "Commands",
  click: "Clicks",
  form: "Forms",
  shortcut: "Shortcuts",
  search: "Searches",
  event: "Events",
  call: "API calls",
  answer: "Response URLs",
};

const OF_DELIVERIES = {
  slash_command: "command",
  block_actions: "click",
  view_submission: "form",
  view_closed: "form",
  shortcut: "shortcut",
  message_action: "shortcut",
  block_suggestion: "search",
};

/** Which kind of exchange a call is. */
export function kindOf(call) {
  if (call.kind === "web_api") return "call";
  if (call.kind === "response_url") return "answer";
  return OF_DELIVERIES[call.method] ?? "event";
}

/** Whether it was refused, not answered, or answered with what Slack would refuse. */
export const isRefused = (call) => call.why !== null;

/** The message that an exchange was about, if it was about one. @returns {{channel: string, ts: string}|null} */
export function placeOf(call) {
  const { args, answer } = call;
  const channel = args?.container?.channel_id ?? args?.channel?.id ?? answer?.channel ?? args?.channel;
  const ts = args?.container?.message_ts ?? args?.message_ts ?? answer?.ts ?? args?.ts;
  return typeof channel === "string" && typeof ts === "string" ? { channel, ts } : null;
}

/** What it is about, in a few words. @param {import("../workspace/directory.js").Directory} directory */
export function subjectOf(call, directory) {
  const args = call.args ?? {};
  const user = args.user?.id ?? args.user_id ?? args.event?.user;
  const who = typeof user === "string" && directory.users.has(user) ? directory.userName(user) : "";
  const words = {
    command: () => `${args.command} ${args.text ?? ""}`,
    click: () => (args.actions ?? []).map((one) => one.action_id).join(", "),
    form: () => args.view?.callback_id ?? "",
    shortcut: () => args.callback_id ?? "",
    search: () => `${args.action_id ?? ""} “${args.value ?? ""}”`,
    event: () => "",
    call: () => args.text ?? args.view?.title?.text ?? people(args.users ?? args.user, directory),
    answer: () => args.text ?? "",
  }[kindOf(call)]();
  const channel = args.channel?.id ?? args.channel_id ?? args.channel;
  const where = typeof channel === "string" && directory.channels.get(channel)?.name;
  const place = where && !directory.channels.get(channel).is_im ? `#${where}` : "";
  return masked([who, place, readable(String(words), directory)].filter(Boolean).join(" · "));
}

/** Names of the people that ids mean, one or several with commas between. */
const people = (ids, directory) =>
  typeof ids === "string" ? ids.split(",").map((id) => directory.userName(id)).join(", ") : "";

/** Slack's markup in a line of plain words. */
function readable(words, directory) {
  const plain = (_whole, inside) => {
    const [target, label] = inside.split("|");
    if (target.startsWith("@")) return `@${directory.userName(target.slice(1))}`;
    if (target.startsWith("#")) return `#${directory.channelName(target.slice(1))}`;
    return label ?? target;
  };
  return words.replace(/<([^<>]+)>/g, plain).replace(/\s+/g, " ").trim();
}

/** How it ended, in a word. */
export function endOf(call) {
  if (call.kind !== "delivery" && call.status === 0) return "answer lost";
  if (typeof call.answer?.error === "string") return call.answer.error;
  if (call.why) return "would be refused";
  return call.kind === "delivery" ? "ack" : "ok";
}

/**
 * Draw one exchange; what is inside is drawn when it is opened.
 * @param {object} call
 * @param {import("../workspace/directory.js").Directory} directory
 * @param {(place: {channel: string, ts: string}) => void} inspect shows what the app keeps about a message
 */
export function drawCall(call, directory, inspect) {
  const toApp = call.kind === "delivery";
  const inside = el("div", { class: "call-inside" });
  const node = el(
    "details",
    {
      class: isRefused(call) ? "call refused" : "call",
      ontoggle: () => {
        if (node.open && !inside.hasChildNodes()) inside.append(...parts(call, inspect));
      },
    },
    el(
      "summary",
      {},
      el("span", {
        class: toApp ? "way to-app" : "way from-app",
        text: toApp ? "→ app" : "← app",
        "aria-label": toApp ? "To the app:" : "From the app:",
      }),
      el("b", { class: "call-method", text: call.method.replace("event:", "") }),
      el("span", { class: "call-end", text: endOf(call) }),
      el("span", { class: "call-took", text: `${call.took_ms} ms` }),
      el("span", { class: "call-subject", text: subjectOf(call, directory) }),
      el("time", { class: "call-time", text: wallTime(call.at, directory.zone()).slice(11) }),
    ),
    inside,
  );
  node.dataset.n = call.n;
  return node;
}

function parts(call, inspect) {
  const place = placeOf(call);
  const toApp = call.kind === "delivery";
  return [
    call.why && el("p", { class: "call-why", text: masked(call.why) }),
    call.problems.length > 0 && problemList(call.problems),
    jsonPart(toApp ? "Payload" : "Arguments", call.args),
    jsonPart(toApp ? "Acknowledgement" : "Answer", call.answer),
    place &&
      el("button", {
        type: "button",
        class: "inspector-button",
        text: "What the app keeps about this message",
        onclick: () => inspect(place),
      }),
  ].filter(Boolean);
}

function problemList(problems) {
  return el(
    "ul",
    { class: "call-problems" },
    problems.map((problem) => el("li", {}, el("code", { text: problem.pointer || "/" }), " ", problem.message)),
  );
}
