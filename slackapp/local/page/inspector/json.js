/** JSON as a tree that opens piece by piece, with tokens hidden, and a button that copies it. */

import { el } from "../ui/dom.js";

const TOKEN = /\bx(?:ox[a-z]|app)-[\w-]+/g;
const LONGEST = 160;
const OPEN_AT_ONCE = 2;

/** Words without the tokens in them. @param {string} words */
export const masked = (words) => words.replace(TOKEN, "(hidden)");

/** A value as indented text, tokens hidden. */
export const asText = (value) => masked(JSON.stringify(value, null, 2) ?? "");

/**
 * A titled part with a value in it: a tree, and a button that copies all of it.
 * @param {string} title
 * @param {any} value any JSON
 */
export function jsonPart(title, value) {
  const status = el("span", { class: "copied", role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(asText(value));
      status.textContent = "Copied";
    } catch {
      status.textContent = "This browser does not allow copying here.";
    }
    setTimeout(() => (status.textContent = ""), 2000);
  };
  return el(
    "section",
    { class: "json-part" },
    el(
      "div",
      { class: "json-head" },
      el("h3", { text: title }),
      status,
      el("button", {
        type: "button",
        class: "inspector-button",
        text: "Copy",
        "aria-label": `Copy ${title.toLowerCase()}`,
        onclick: copy,
      }),
    ),
    el("div", { class: "json" }, tree(null, value, 0)),
  );
}

function tree(key, value, depth) {
  if (value === null || typeof value !== "object" || Object.keys(value).length === 0) {
    return el("div", { class: "json-line" }, label(key), leaf(value));
  }
  const list = Array.isArray(value);
  const count = Object.keys(value).length;
  const inside = el("div", { class: "json-inside" });
  const node = el(
    "details",
    {
      ontoggle: () => {
        if (node.open && !inside.hasChildNodes()) fill();
      },
    },
    el("summary", {}, label(key), el("span", { class: "json-hint", text: hint(value, list, count, depth) })),
    inside,
  );
  const fill = () =>
    inside.append(...Object.entries(value).map(([name, one]) => tree(list ? `${name}` : name, one, depth + 1)));
  if (depth < OPEN_AT_ONCE && count <= 30) {
    fill();
    node.open = depth === 0;
  }
  return node;
}

const label = (key) => key !== null && el("span", { class: "json-key", text: `${key}: ` });

function hint(value, list, count, depth) {
  if (list) return count === 1 ? "[1 entry]" : `[${count} entries]`;
  if (depth === 0) return count === 1 ? "1 field" : `${count} fields`;
  const told = value.type ?? value.text ?? value.name ?? value.id ?? value.action_id;
  return typeof told === "string" ? `{${masked(told).slice(0, 40)}}` : `{${count}}`;
}

function leaf(value) {
  if (typeof value !== "string") return el("span", { class: "json-plain", text: JSON.stringify(value) ?? "nothing" });
  const words = masked(value);
  if (words.length <= LONGEST) return el("span", { class: "json-string", text: `"${words}"` });
  const shown = el("span", { class: "json-string", text: `"${words.slice(0, LONGEST)}…"` });
  const more = el("button", {
    type: "button",
    class: "json-more",
    text: `${words.length - LONGEST} more`,
    onclick: () => {
      shown.textContent = `"${words}"`;
      more.remove();
    },
  });
  return el("span", {}, shown, " ", more);
}
