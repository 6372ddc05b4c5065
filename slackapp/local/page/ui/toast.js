/** Short notices at the top of a person's column. */

import { el } from "./dom.js";
import { mrkdwn } from "../messages/mrkdwn.js";

/**
 * Show a notice; errors stay until they are closed.
 * @param {HTMLElement} shelf an aria-live element
 * @param {string} text
 * @param {{error?: boolean, context?: object, open?: () => void, channel?: string}} [settings] with a context the text is
 *   mrkdwn; `open` leads to what the notice is about, in `channel`
 */
export function toast(shelf, text, { error = false, context = null, open = null, channel = null } = {}) {
  const note = el(
    "div",
    { class: error ? "toast error" : "toast", role: error ? "alert" : "status", "data-channel": channel },
    el("span", {}, context ? mrkdwn(text, context) : text),
    open && el("button", { type: "button", class: "open", text: "Open", onclick: () => (note.remove(), open()) }),
    el("button", { type: "button", class: "icon", "aria-label": "Dismiss", text: "×", onclick: () => note.remove() }),
  );
  shelf.append(note);
  while (shelf.children.length > 3) shelf.firstChild.remove();
  if (!error) setTimeout(() => note.remove(), 8000);
}
