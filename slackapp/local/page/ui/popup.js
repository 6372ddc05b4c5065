/** Things that open above the page at a button or field: menus and lists. */

import { el, freshId } from "./dom.js";

/**
 * Show `box` above everything, below `anchor` or above it where there is no room.
 * @returns {{away: () => void, moveTo: (anchor: HTMLElement) => void}} takes it away again; hangs it on another anchor
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
  const moveTo = (other) => {
    anchor = other;
    place();
  };
  return { away, moveTo };
}

/** What stands in the menu of a button, read when it opens. @type {WeakMap<HTMLElement, () => object[]>} */
const itemsOf = new WeakMap();

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
    onclick: () => toggleMenu(node),
  });
  itemsOf.set(node, items);
  return node;
}

function toggleMenu(button) {
  const wasOpen = button.getAttribute("aria-expanded") === "true";
  document.querySelectorAll(".menu").forEach((menu) => menu.dispatchEvent(new Event("dismiss")));
  if (!wasOpen) new Menu(button);
}

/** The open menu of a button. When the button is drawn anew the menu goes on at the new one, with what it offers. */
class Menu {
  constructor(button) {
    this.node = el("div", {
      class: "menu",
      role: "menu",
      id: freshId("menu"),
      onkeydown: (event) => this.move(event),
      ondismiss: () => this.close(),
    });
    this.outside = ({ target }) => this.node.contains(target) || this.button.contains(target) || this.close();
    this.redrawn = ({ detail }) => (detail.twin ? this.goOnAt(detail.twin) : this.close());
    document.addEventListener("pointerdown", this.outside, true);
    this.fill(button);
    this.popup = openAt(button, this.node);
    this.focus(0);
  }

  /** Belong to a button: offer what it offers. Entries that read the same stay, so that a press on one is not lost. */
  fill(button) {
    this.button = button;
    this.items = itemsOf.get(button)();
    const print = JSON.stringify(this.items);
    if (print !== this.print) this.node.replaceChildren(...this.entries());
    this.print = print;
    this.node.setAttribute("aria-label", button.getAttribute("aria-label") ?? button.textContent);
    button.setAttribute("aria-expanded", "true");
    button.addEventListener("redrawn", this.redrawn);
  }

  entries() {
    if (this.items.length === 0) return [el("div", { class: "menu-empty", text: "Nothing here" })];
    return this.items.map((item, index) =>
      el(
        "button",
        {
          type: "button",
          role: "menuitem",
          tabIndex: -1,
          class: item.danger ? "menu-item danger" : "menu-item",
          onclick: () => this.choose(index),
        },
        el("span", { text: item.label }),
        item.description && el("small", { text: item.description }),
      ),
    );
  }

  goOnAt(button) {
    const at = this.focused();
    const inside = this.node.contains(document.activeElement);
    this.fill(button);
    this.popup.moveTo(button);
    if (inside && !this.node.contains(document.activeElement)) this.focus(Math.min(at, this.items.length - 1));
  }

  close(refocus = false) {
    this.popup.away();
    document.removeEventListener("pointerdown", this.outside, true);
    this.button.removeEventListener("redrawn", this.redrawn);
    this.button.setAttribute("aria-expanded", "false");
    if (refocus) this.button.focus();
  }

  choose(index) {
    this.close(true);
    this.items[index].choose();
  }

  focused() {
    return [...this.node.children].indexOf(document.activeElement);
  }

  focus(index) {
    (this.items.length ? this.node.children[index] : this.node).focus();
  }

  move(event) {
    const at = this.focused();
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (step !== undefined && this.items.length) {
      event.preventDefault();
      [...this.node.children].at(step % this.items.length).focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      event.stopPropagation();
      this.close(true);
    }
  }
}
