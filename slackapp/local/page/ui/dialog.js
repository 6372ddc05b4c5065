/** Dialogs inside one person's column: the rest of the column waits, the other columns do not. */

import { el, focusable, freshId } from "./dom.js";

/**
 * Show `box` over the column that `host` is, and keep the Tab key in it.
 * @param {HTMLElement} host the column
 * @param {HTMLElement} box the dialog; gets its role here
 * @param {{label: string, close: () => void, alert?: boolean, focus?: boolean}} settings `close` is called for Escape
 * @returns {() => void} takes it away and gives the focus back
 */
export function showDialog(host, box, { label, close, alert = false, focus = true }) {
  const before = document.activeElement;
  const veil = el("div", { class: "veil" }, box);
  box.setAttribute("role", alert ? "alertdialog" : "dialog");
  box.setAttribute("aria-modal", "true");
  box.setAttribute("aria-labelledby", label);
  box.tabIndex = -1;
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") keepInside(box, event);
  });
  host.append(veil);
  const behind = () => {
    const veils = [...host.querySelectorAll(":scope > .veil")];
    for (const child of host.children)
      child.inert = veils.length > 0 && child !== veils.at(-1) && !child.matches("[popover]");
  };
  behind();
  if (focus)
    (
      focusable(box).find((node) => node.matches("input, textarea, [contenteditable]")) ??
      focusable(box).at(-1) ??
      box
    ).focus();
  return () => {
    veil.remove();
    behind();
    if (before?.isConnected && !before.closest("[inert]")) before.focus();
  };
}

function keepInside(box, event) {
  const all = focusable(box);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== edge && document.activeElement !== box) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}

/**
 * Ask before something is done, as a `confirm` object of Block Kit describes.
 * @param {HTMLElement} host
 * @param {{title: Node[], text: Node[], confirm: string, deny: string, danger: boolean}} words
 * @returns {Promise<boolean>}
 */
export function ask(host, words) {
  return new Promise((resolve) => {
    const id = freshId("ask");
    const answer = (yes) => {
      away();
      resolve(yes);
    };
    const box = el(
      "div",
      { class: "dialog small" },
      el("header", {}, el("h2", { id }, words.title)),
      el("div", { class: "dialog-body" }, words.text),
      el(
        "footer",
        {},
        el("button", { type: "button", class: "button", text: words.deny, onclick: () => answer(false) }),
        el("button", {
          type: "button",
          class: `button ${words.danger ? "danger" : "primary"}`,
          text: words.confirm,
          onclick: () => answer(true),
        }),
      ),
    );
    const away = showDialog(host, box, { label: id, close: () => answer(false), alert: true });
  });
}
