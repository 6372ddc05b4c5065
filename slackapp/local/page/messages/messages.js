/** One message as it stands in a channel or thread, and a list of them with days between. */

import { drawBlocks } from "./blocks.js";
import { fileList } from "../forms/files.js";
import { ago, dayHeading, fullTime, timeOfDay } from "../ui/dates.js";
import { el, reconcile } from "../ui/dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { menuButton } from "../ui/popup.js";

const epochOf = (message) => Number(message.ts);
const isApp = (message, directory) => Boolean(message.bot_id) || message.user === directory.app.bot_user;

const TOGETHER_S = 300;

/** Whether a message goes on with what the same person wrote just before, so that their name need not stand again. */
function follows(message, before, directory) {
  if (!before || message.ephemeral || before.ephemeral || isApp(message, directory)) return false;
  return message.user === before.user && epochOf(message) - epochOf(before) < TOGETHER_S;
}

/** A person's picture: their initials on their colour. */
export function avatar(id, directory, size = "") {
  const user = directory.users.get(id);
  const app = !user || id === directory.app.bot_user;
  const name = app ? directory.app.name : directory.userName(id);
  const letters = (name ?? "?")
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const node = el("span", { class: `avatar ${app ? "app" : ""} ${size}`, "aria-hidden": "true", text: letters });
  if (!app && user.color) node.style.setProperty("--own", `#${String(user.color).replace("#", "")}`);
  return node;
}

/**
 * Fill a list with messages, oldest first, keeping the nodes that did not change.
 * @param {HTMLElement} list
 * @param {object[]} messages
 * @param {import("../people/person.js").Person} person
 * @param {{channel: object, replies?: Map<string, object[]>}} place
 *   `replies` by the ts of the parent; none inside a thread
 */
export function fillMessages(list, messages, person, place) {
  const { directory } = person;
  const zone = directory.zoneOf(person.user);
  const items = [];
  let day = null;
  let before = null;
  for (const message of messages) {
    const heading = dayHeading(epochOf(message), directory.now(), zone);
    if (heading !== day) before = null;
    const goesOn = follows(message, before, directory);
    before = message;
    if (heading !== day)
      items.push({
        key: `day ${heading}`,
        data: heading,
        make: () => el("div", { class: "day", role: "separator" }, el("span", { text: heading })),
      });
    if (place.replies && message.ts === person.newFrom)
      items.push({
        key: "new",
        data: null,
        make: () => el("div", { class: "new", role: "separator", "aria-label": "New messages" }, el("span", { text: "New" })),
      });
    day = heading;
    const replies = place.replies?.get(message.ts) ?? [];
    const names = directory.version;
    items.push({
      key: `${message.ts} ${message.ephemeral ? "e" : ""}`,
      data: [message, replies.map((one) => [one.ts, one.user]), place.channel.id, names, goesOn],
      make: () => drawMessage(message, replies, person, place, goesOn),
    });
  }
  reconcile(list, items);
}

function drawMessage(message, replies, person, place, goesOn) {
  const { directory } = person;
  const zone = directory.zoneOf(person.user);
  const surface = person.messageSurface(place.channel, message);
  const app = isApp(message, directory);
  const name = message.username ?? (app ? directory.app.name : directory.userName(message.user));
  const at = epochOf(message);
  const head = el(
    "div",
    { class: "message-head" },
    el("b", { class: "author", text: name }),
    app && el("span", { class: "badge", text: "APP" }),
    directory.isOutsider(message.user) && el("span", { class: "badge outside", text: "EXTERNAL" }),
    directory.isGuest(message.user) && el("span", { class: "badge outside", text: "GUEST" }),
    el("time", { text: timeOfDay(at, zone), title: fullTime(at, zone), datetime: new Date(at * 1000).toISOString() }),
    message.edited && el("span", { class: "edited", text: "(edited)" }),
  );
  return el(
    "article",
    {
      class: `message ${message.ephemeral ? "ephemeral" : ""} ${goesOn ? "goes-on" : ""}`,
      "data-ts": message.ts,
      "aria-label": `${name}, ${timeOfDay(at, zone)}`,
    },
    avatar(app ? directory.app.bot_user : message.user, directory),
    el(
      "div",
      { class: "message-main" },
      message.ephemeral && el("div", { class: "only-you", text: "Only visible to you" }),
      head,
      el("div", { class: "message-body" }, body(message, surface), message.files?.length && fileList(message.files)),
      threadLink(message, replies, person, place),
    ),
    !message.ephemeral && tools(message, person, place),
  );
}

function body(message, surface) {
  if (message.blocks?.length) return drawBlocks(message.blocks, surface);
  return el("div", { class: "text" }, mrkdwn(message.text ?? "", surface));
}

function threadLink(message, replies, person, place) {
  if (!place.replies || replies.length === 0) return null;
  const last = epochOf(replies.at(-1));
  const open = () => person.openThread(place.channel.id, message.ts);
  const who = [...new Set(replies.map((one) => one.user ?? person.directory.app.bot_user))].slice(0, 3);
  return el(
    "button",
    { type: "button", class: "thread-link", onclick: open, "data-focus": `thread ${message.ts}` },
    who.map((id) => avatar(id, person.directory, "tiny")),
    el("b", { text: replies.length === 1 ? "1 reply" : `${replies.length} replies` }),
    el("small", { text: `Last reply ${ago(last, person.directory.now())}` }),
  );
}

function tools(message, person, place) {
  const thread = message.thread_ts ?? message.ts;
  const reply =
    place.replies &&
    el("button", {
      type: "button",
      class: "icon",
      title: "Reply in thread",
      "aria-label": "Reply in thread",
      text: "💬",
      onclick: () => person.openThread(place.channel.id, thread),
    });
  const items = () => [
    ...person.directory.shortcuts
      .filter((shortcut) => shortcut.type === "message")
      .map((shortcut) => ({
        label: shortcut.name,
        description: person.directory.app.name,
        choose: () => person.messageShortcut(place.channel.id, message, shortcut),
      })),
    { label: "Copy link", choose: () => person.copyLink(place.channel.id, message) },
    { label: "Delete message…", danger: true, choose: () => person.deleteMessage(place.channel.id, message) },
  ];
  const called = { title: "More actions", "aria-label": "More actions", "data-focus": `more ${message.ts}` };
  const more = menuButton({ class: "icon", text: "⋯", ...called }, items);
  return el("div", { class: "message-tools" }, reply, more);
}
