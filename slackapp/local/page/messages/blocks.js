/** Block Kit blocks as DOM nodes. */

import { ask } from "../ui/dialog.js";
import { el, freshId } from "../ui/dom.js";
import { isInput, makeInput, plainValue } from "../forms/inputs.js";
import { textNodes } from "./mrkdwn.js";
import { menuButton } from "../ui/popup.js";
import { richText } from "./rich_text.js";

/**
 * @typedef {object} Surface what blocks need to know of where they stand
 * @property {import("../workspace/directory.js").Directory} directory
 * @property {string} user who looks
 * @property {HTMLElement} host the person's column, for dialogs
 * @property {(url: string) => boolean} openLink true when it was opened in place
 * @property {(id: string) => void} openChannel
 * @property {(blockId: string, element: object, value: any) => Promise<void>} act something was clicked or chosen
 * @property {(blockId: string, element: object, typed: string) => Promise<object[]>} suggest
 * @property {(name: string, size: number) => Promise<object>} [attach] makes a file known to the workspace
 * @property {(blockId: string, actionId: string) => object|undefined} [kept] the value kept for an input
 * @property {(blockId: string, element: object, input: object, block: object, showError: Function) => void} [register]
 *   an input was drawn
 */

/** Draw blocks. @param {object[]} blocks @param {Surface} surface @returns {HTMLElement[]} */
export const drawBlocks = (blocks, surface) => blocks.map((block) => draw(block, surface));

function draw(block, surface) {
  const make = BLOCKS[block.type];
  if (!make) return el("div", { class: "block unknown", text: `This page cannot show a block of type ${block.type}.` });
  const node = make(block, surface);
  node.classList.add("block", `block-${block.type}`);
  if (block.block_id) node.dataset.block = block.block_id;
  return node;
}

const BLOCKS = {
  section,
  header: (block, surface) => el("h3", {}, textNodes(block.text, surface)),
  divider: () => el("hr"),
  context: (block, surface) =>
    el(
      "div",
      {},
      block.elements.map((one) =>
        one.type === "image" ? image(one, "icon") : el("span", {}, textNodes(one, surface)),
      ),
    ),
  actions: (block, surface) =>
    el(
      "div",
      {},
      block.elements.map((element) => drawElement(block, element, surface)),
    ),
  image: (block, surface) =>
    el("figure", {}, block.title && el("figcaption", {}, textNodes(block.title, surface)), image(block, "large")),
  rich_text: (block, surface) => richText(block, surface),
  alert,
  input: inputBlock,
  markdown: (block) => el("div", { class: "markdown", text: block.text }),
  table: (block, surface) =>
    el(
      "table",
      {},
      block.rows.map((row) =>
        el(
          "tr",
          {},
          row.map((cell) =>
            el("td", {}, cell.type === "rich_text" ? richText(cell, surface) : String(cell.text ?? cell.value)),
          ),
        ),
      ),
    ),
};

function section(block, surface) {
  return el(
    "div",
    {},
    el(
      "div",
      { class: "section-text" },
      block.text && el("div", {}, textNodes(block.text, surface)),
      block.fields &&
        el(
          "div",
          { class: "fields" },
          block.fields.map((field) => el("div", {}, textNodes(field, surface))),
        ),
    ),
    block.accessory && el("div", { class: "accessory" }, drawElement(block, block.accessory, surface)),
  );
}

const LEVELS = { info: "Note", warning: "Warning", error: "Error", success: "Done" };

function alert(block, surface) {
  const level = block.level ?? "default";
  return el(
    "div",
    { class: `alert ${level}`, role: level === "error" ? "alert" : "note" },
    LEVELS[level] && el("b", { text: `${LEVELS[level]}: ` }),
    textNodes(block.text, surface),
  );
}

/** Pictures of this address only are loaded: the page asks nobody else for anything. */
function image(picture, size) {
  const url = picture.image_url ?? "";
  const own = url.startsWith("data:") || new URL(url || "none:", location.href).origin === location.origin;
  if (own) return el("img", { src: url, alt: picture.alt_text, class: `picture ${size}` });
  return el("span", {
    class: `picture missing ${size}`,
    role: "img",
    "aria-label": picture.alt_text,
    title: url,
    text: size === "icon" ? "🖼" : picture.alt_text,
  });
}

const ELEMENTS = { button, overflow, image: (block, element) => image(element, "thumb") };

function drawElement(block, element, surface) {
  const make = ELEMENTS[element.type];
  if (make) return make(block, element, surface);
  if (isInput(element)) return looseInput(block, element, surface);
  return el("span", { class: "unknown", text: `This page cannot show a ${element.type}.` });
}

async function confirmed(element, surface) {
  const { confirm } = element;
  if (!confirm) return true;
  return ask(surface.host, {
    title: textNodes(confirm.title, surface),
    text: textNodes(confirm.text, surface),
    confirm: confirm.confirm.text,
    deny: confirm.deny.text,
    danger: confirm.style === "danger",
  });
}

function button(block, element, surface) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(surface.user))
    return el("span", { hidden: true });
  const press = async () => {
    if (!(await confirmed(element, surface))) return;
    if (element.url && !surface.openLink(element.url)) window.open(element.url, "_blank", "noopener");
    node.classList.add("busy");
    node.setAttribute("aria-busy", "true");
    await surface.act(block.block_id, element, element.value).finally(() => {
      node.classList.remove("busy");
      node.removeAttribute("aria-busy");
    });
  };
  const node = el(
    "button",
    {
      type: "button",
      class: `button ${element.style ?? ""}`,
      "aria-label": element.accessibility_label,
      "data-focus": `${block.block_id}/${element.action_id}`,
      "data-action": element.action_id,
      onclick: () => !node.classList.contains("busy") && press(),
    },
    textNodes(element.text, surface),
  );
  return node;
}

function overflow(block, element, surface) {
  const items = () =>
    element.options.map((option) => ({
      label: option.text.text,
      description: option.description?.text,
      choose: async () => {
        if (!(await confirmed(element, surface))) return;
        if (option.url && !surface.openLink(option.url)) window.open(option.url, "_blank", "noopener");
        await surface.act(block.block_id, element, option.value);
      },
    }));
  const attributes = {
    class: "button overflow",
    "aria-label": "More options",
    text: "⋯",
    "data-focus": `${block.block_id}/${element.action_id}`,
    "data-action": element.action_id,
  };
  return menuButton(attributes, items);
}

/** A select, picker or choice outside an input block: every change is told to the app at once. */
function looseInput(block, element, surface) {
  const input = makeInput(element, {
    directory: surface.directory,
    user: surface.user,
    state: surface.kept?.(block.block_id, element.action_id),
    attributes: {
      "aria-label": element.placeholder?.text ?? "Choose",
      "data-focus": `${block.block_id}/${element.action_id}`,
      "data-action": element.action_id,
    },
    suggest: (typed) => surface.suggest(block.block_id, element, typed),
    changed: async (how) => {
      if (how === "typed" || !(await confirmed(element, surface))) return;
      await surface.act(block.block_id, element, plainValue(input.state()));
    },
  });
  surface.register?.(block.block_id, element, input, block, () => undefined);
  return el("div", { class: "loose-input" }, input.node);
}

function inputBlock(block, surface) {
  const { element } = block;
  const [fieldId, labelId, hintId, errorId] = ["field", "label", "hint", "error"].map((one) => freshId(one));
  const error = el("div", { class: "field-error", id: errorId, hidden: true });
  const describedBy = [block.hint && hintId, errorId].filter(Boolean).join(" ");
  const showError = (text) => {
    error.textContent = text ?? "";
    error.hidden = !text;
    node.classList.toggle("invalid", Boolean(text));
    if (text) input.field.setAttribute("aria-invalid", "true");
    else input.field.removeAttribute("aria-invalid");
  };
  const input = makeInput(element, {
    directory: surface.directory,
    user: surface.user,
    state: surface.kept?.(block.block_id, element.action_id),
    attributes: {
      id: fieldId,
      "aria-labelledby": labelId,
      "aria-describedby": describedBy,
      "aria-required": block.optional ? null : "true",
      "data-focus": `${block.block_id}/${element.action_id}`,
      "data-action": element.action_id,
    },
    attach: surface.attach,
    suggest: (typed) => surface.suggest(block.block_id, element, typed),
    changed: (how) => {
      showError(null);
      if (block.dispatch_action && tells(element, how)) surface.act(block.block_id, element, plainValue(input.state()));
    },
  });
  const words = [block.label.text, block.optional && el("span", { class: "optional", text: " (optional)" })];
  const label = input.group
    ? el("div", { class: "label", id: labelId }, words)
    : el("label", { class: "label", id: labelId, for: fieldId }, words);
  if (input.group && element.type === "rich_text_input") label.addEventListener("click", () => input.field.focus());
  const hint = block.hint && el("div", { class: "hint", id: hintId }, textNodes(block.hint, surface));
  const node = el("div", {}, label, input.node, error, hint);
  surface.register?.(block.block_id, element, input, block, showError);
  return node;
}

/** When a dispatching input tells the app: at a choice, or while or after typing, as its configuration says. */
function tells(element, how) {
  if (element.type === "file_input") return false;
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (how === "typed") return on.includes("on_character_entered");
  return how === "chosen" || on.includes("on_enter_pressed");
}
