/** Where a person writes: messages, and slash commands with a list of them. */

import { el, freshId } from "../ui/dom.js";

/**
 * @param {object} settings
 * @param {string} settings.label
 * @param {() => {command: string, description: string, usage_hint: string}[]} settings.commands
 *   empty where commands do not run
 * @param {(text: string) => Promise<boolean>} settings.send true when it was taken; the text is kept otherwise
 * @returns {HTMLElement & {fill: (text: string) => void}}
 */
export function composer({ label, commands, send }) {
  const listId = freshId("commands");
  const list = el("div", { class: "commands", role: "listbox", id: listId, "aria-label": "Commands", hidden: true });
  let offered = [];
  let active = 0;

  const field = el("textarea", {
    rows: 1,
    placeholder: label,
    "aria-label": label,
    "aria-controls": listId,
    oninput: () => {
      grow();
      offer();
    },
    onkeydown: keys,
  });
  const button = el("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send", text: "➤" });
  const form = el("form", { class: "composer", onsubmit: submit }, list, field, button);

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  }

  function offer() {
    const typed = field.value;
    offered = /^\/\S*$/.test(typed) ? commands().filter((one) => one.command.startsWith(typed)) : [];
    active = 0;
    list.hidden = offered.length === 0;
    list.replaceChildren(
      ...offered.map((one, index) =>
        el(
          "div",
          {
            class: index === active ? "command active" : "command",
            role: "option",
            "aria-selected": String(index === active),
            onmousedown: (event) => take(event, one),
          },
          el("b", { text: one.command }),
          one.usage_hint && el("code", { text: one.usage_hint }),
          el("small", { text: one.description ?? "" }),
        ),
      ),
    );
  }

  function take(event, command) {
    event.preventDefault();
    field.value = `${command.command} `;
    list.hidden = true;
    field.focus();
  }

  function keys(event) {
    if (!list.hidden && (event.key === "Tab" || (event.key === "Enter" && offered[active].command !== field.value))) {
      take(event, offered[active]);
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % offered.length;
      [...list.children].forEach((row, index) => {
        row.classList.toggle("active", index === active);
        row.setAttribute("aria-selected", String(index === active));
      });
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      list.hidden = true;
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  async function submit(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    list.hidden = true;
    field.value = "";
    grow();
    const taken = await send(text);
    if (taken || field.value) return;
    field.value = text; // what was not taken comes back, to be sent again
    grow();
  }

  return form;
}
