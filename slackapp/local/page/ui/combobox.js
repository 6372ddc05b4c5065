/** A select menu one can type into; one choice or several. */

import { el, freshId } from "./dom.js";
import { openAt } from "./popup.js";

/**
 * @typedef {{value: string, label: string, description?: string, group?: string, data?: any}} Choice
 *
 * @param {object} settings
 * @param {(typed: string) => Promise<Choice[]>|Choice[]} settings.choices what to offer for what was typed
 * @param {Choice[]} settings.chosen what is chosen at first
 * @param {boolean} [settings.several]
 * @param {number} [settings.most] how many may be chosen
 * @param {number} [settings.fewestLetters] letters to type before anything is offered
 * @param {string} [settings.placeholder]
 * @param {object} [settings.attributes] for the text field (id, aria-…)
 * @param {() => void} settings.changed
 * @returns {{node: HTMLElement, chosen: () => Choice[], field: HTMLInputElement}}
 */
export function combobox(settings) {
  const { several = false, most = Infinity, fewestLetters = 0, placeholder, attributes = {}, changed } = settings;
  let chosen = [...settings.chosen];
  let offered = [];
  let active = -1;
  let asked = 0;
  let away = null;
  let timer = null;
  const listId = freshId("list");
  const list = el("div", { class: "options", role: "listbox", id: listId, "aria-label": "Options" });
  const chips = el("span", { class: "chips" });
  const field = el("input", {
    type: "text",
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
    placeholder: placeholder || (several ? "Select options" : "Select an option"),
    ...attributes,
    onfocus: () => field.select(),
    onclick: () => open(),
    onblur: () => close(),
    oninput: () => offer(field.value),
    onkeydown: keys,
  });
  const clear = el("button", {
    type: "button",
    class: "clear",
    "aria-label": "Clear",
    text: "×",
    onclick: () => set([]),
  });
  const node = el("div", { class: several ? "combobox several" : "combobox" }, chips, field, clear);
  show();

  function show() {
    chips.replaceChildren(...(several ? chosen.map(chip) : []));
    if (!several) field.value = chosen[0]?.label ?? "";
    clear.hidden = several || chosen.length === 0;
  }

  function chip(choice) {
    const remove = () => set(chosen.filter((one) => one !== choice));
    const drop = el("button", { type: "button", "aria-label": `Remove ${choice.label}`, text: "×", onclick: remove });
    return el("span", { class: "chip" }, choice.label, drop);
  }

  function set(choices) {
    chosen = choices;
    show();
    field.focus();
    close();
    changed();
  }

  function open() {
    if (!away) offer(several || chosen.length === 0 ? field.value : "");
  }

  function offer(typed) {
    clearTimeout(timer);
    const mine = ++asked;
    if (typed.trim().length < fewestLetters) {
      fill([], `Type ${fewestLetters} or more letters to search.`);
      return;
    }
    // A short pause spares the app a question for every letter.
    timer = setTimeout(
      async () => {
        try {
          const found = await settings.choices(typed.trim());
          if (mine === asked) fill(found, "No results");
        } catch (trouble) {
          if (mine === asked) fill([], trouble.message);
        }
      },
      fewestLetters === 0 && !settings.remote ? 0 : 150,
    );
    if (settings.remote) fill([], "Searching…");
  }

  function fill(found, otherwise) {
    if (document.activeElement !== field) return;
    offered = found.filter((choice) => !several || !chosen.some((one) => one.value === choice.value));
    active = offered.length
      ? Math.max(
          0,
          offered.findIndex((one) => one.value === chosen[0]?.value),
        )
      : -1;
    const rows = offered.flatMap((choice, index) => {
      const heading = choice.group && choice.group !== offered[index - 1]?.group;
      return [
        heading && el("div", { class: "option-group", role: "presentation", text: choice.group }),
        row(choice, index),
      ].filter(Boolean);
    });
    list.replaceChildren(
      ...(rows.length ? rows : [el("div", { class: "option-none", role: "status", text: otherwise })]),
    );
    if (!away) {
      ({ away } = openAt(node, list));
      field.setAttribute("aria-expanded", "true");
    }
    mark();
  }

  function row(choice, index) {
    const take = (event) => {
      event.preventDefault(); // keeps the focus in the field
      choose(index);
    };
    return el(
      "div",
      {
        class: "option",
        role: "option",
        id: `${listId}-${index}`,
        "aria-selected": String(chosen.some((one) => one.value === choice.value)),
        onmousedown: take,
      },
      el("span", { text: choice.label }),
      choice.description && el("small", { text: choice.description }),
    );
  }

  function mark() {
    list.querySelectorAll(".option").forEach((option, index) => option.classList.toggle("active", index === active));
    list.querySelector(".option.active")?.scrollIntoView({ block: "nearest" });
    if (active < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `${listId}-${active}`);
  }

  function choose(index) {
    const choice = offered[index];
    if (!choice) return;
    if (several) field.value = "";
    set(several ? [...chosen, choice].slice(0, most) : [choice]);
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    away?.();
    away = null;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    if (several) field.value = "";
    else field.value = chosen[0]?.label ?? "";
  }

  function keys(event) {
    if (event.key === "Backspace" && several && !field.value && chosen.length) set(chosen.slice(0, -1));
    if (event.key === "ArrowDown" && !away) open();
    if (!away) return;
    const to = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
    if (to !== undefined && offered.length) {
      event.preventDefault();
      active = (to + offered.length) % offered.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  }

  return { node, field, chosen: () => chosen };
}
