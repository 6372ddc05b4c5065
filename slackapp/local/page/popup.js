/** Things that open above the page at a button or field: menus and lists. */

import { el, freshId } from "./dom.js";

/**
 * Show `box` above everything, below `anchor` or above it where there is no room.
 * @returns {() => void} takes it away again
 */
export function openAt(anchor, box) {
  box.setAttribute("popover", "manual");
  (anchor.closest(".column") ?? document.body).append(box);
  box.showPopover();
  const place = () => {
    if (!anchor.isConnected) {
      away();
      return;
    }
    const at = anchor.getBoundingClientRect();
    const below = innerHeight - at.bottom - 8;
    const above = at.top - 8;
    const upwards = below < Math.min(box.scrollHeight, 260) && above > below;
    box.style.maxHeight = `${Math.max(80, Math.min(320, upwards ? above : below))}px`;
    box.style.minWidth = `${Math.min(at.width, innerWidth - 16)}px`;
    const top = upwards ? at.top - box.offsetHeight - 4 : at.bottom + 4;
    box.style.top = `${Math.max(4, top)}px`;
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
  };
  const away = () => {
    removeEventListener("scroll", place, true);
    removeEventListener("resize", place);
    box.remove();
  };
  place();
  addEventListener("scroll", place, true);
  addEventListener("resize", place);
  return away;
}

/**
 * A button that opens a menu. Arrow keys move, Enter chooses, Escape closes.
 * @param {object} button attributes of the button (class, text, aria-label …)
 * @param {() => {label: string, description?: string, danger?: boolean, choose: () => void}[]} items read when it opens
 * @returns {HTMLButtonElement}
 */
export function menuButton(button, items) {
  const node = el("button", {
    type: "button",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    ...button,
    onclick: () => openMenu(node, items()),
  });
  return node;
}

function openMenu(button, items) {
  const wasOpen = button.getAttribute("aria-expanded") === "true";
  document.querySelectorAll(".menu").forEach((menu) => menu.dispatchEvent(new Event("dismiss")));
  if (wasOpen) return;
  const id = freshId("menu");
  const choices = items.map((item) =>
    el(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabIndex: -1,
        class: item.danger ? "menu-item danger" : "menu-item",
        onclick: () => choose(item),
      },
      el("span", { text: item.label }),
      item.description && el("small", { text: item.description }),
    ),
  );
  const empty = items.length === 0 && el("div", { class: "menu-empty", text: "Nothing here" });
  const menu = el(
    "div",
    { class: "menu", role: "menu", id, "aria-label": button.getAttribute("aria-label"), onkeydown: move },
    choices,
    empty,
  );
  const away = openAt(button, menu);
  const outside = (event) => {
    if (!menu.contains(event.target) && !button.contains(event.target)) close();
  };
  const close = (refocus = false) => {
    away();
    document.removeEventListener("pointerdown", outside, true);
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  const choose = (item) => {
    close(true);
    item.choose();
  };
  function move(event) {
    const at = choices.indexOf(document.activeElement);
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      choices.at(step % choices.length)?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      event.stopPropagation();
      close(true);
    }
  }
  menu.addEventListener("dismiss", () => close());
  document.addEventListener("pointerdown", outside, true);
  button.setAttribute("aria-expanded", "true");
  (choices[0] ?? menu).focus();
}
