/** A field for formatted text that turns into a `rich_text` block. */

import { el } from "../ui/dom.js";
import { withEmoji } from "../ui/emoji.js";

const STYLE_TAGS = {
  B: "bold",
  STRONG: "bold",
  I: "italic",
  EM: "italic",
  S: "strike",
  STRIKE: "strike",
  DEL: "strike",
  CODE: "code",
};
const TAG_OF = { bold: "b", italic: "i", strike: "s", code: "code" };
const TOOLS = [
  ["Bold", "B", () => document.execCommand("bold")],
  ["Italic", "I", () => document.execCommand("italic")],
  ["Strikethrough", "S", () => document.execCommand("strikeThrough")],
  ["Code", "</>", () => wrapInCode()],
  ["Bulleted list", "•", () => document.execCommand("insertUnorderedList")],
  ["Numbered list", "1.", () => document.execCommand("insertOrderedList")],
  ["Quote", "❝", () => document.execCommand("formatBlock", false, "blockquote")],
];

/**
 * @param {object} settings
 * @param {object|undefined} settings.initial a rich_text block
 * @param {string} settings.placeholder
 * @param {object} settings.attributes for the field (id, aria-…)
 * @param {import("../workspace/directory.js").Directory} settings.directory
 * @param {() => void} settings.changed
 * @returns {{node: HTMLElement, field: HTMLElement, value: () => object|null}}
 */
export function richInput({ initial, placeholder, attributes, directory, changed }) {
  const field = el("div", {
    class: "rich-field",
    contenteditable: "true",
    role: "textbox",
    "aria-multiline": "true",
    tabIndex: 0,
    "data-placeholder": placeholder ?? "",
    ...attributes,
    oninput: () => {
      tidy();
      changed();
    },
    onpaste: (event) => {
      event.preventDefault();
      document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
    },
  });
  if (initial) field.append(...initial.elements.flatMap((part) => editable(part, directory)));
  const tidy = () => field.classList.toggle("empty", field.textContent === "" && !field.querySelector("li"));
  tidy();
  const tools = TOOLS.map(([label, sign, run]) => {
    const use = (event) => {
      event.preventDefault(); // keeps the selection in the field
      field.focus();
      run();
      tidy();
      changed();
    };
    const byKey = (event) => (event.key === "Enter" || event.key === " ") && use(event);
    return el("button", {
      type: "button",
      class: "tool",
      title: label,
      "aria-label": label,
      text: sign,
      onmousedown: use,
      onkeydown: byKey,
    });
  });
  const bar = el("div", { class: "rich-tools", role: "toolbar", "aria-label": "Formatting" }, tools);
  return { node: el("div", { class: "rich-input" }, bar, field), field, value: () => block(field) };
}

function wrapInCode() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const code = el("code", { text: selection.toString() });
  document.execCommand("insertHTML", false, code.outerHTML);
}

// From rich_text to what can be edited.

const EDITABLE = {
  rich_text_section: (part, directory) => paragraphs(part, directory),
  rich_text_quote: (part, directory) => [
    el(
      "blockquote",
      {},
      part.elements.map((one) => piece(one, directory)),
    ),
  ],
  rich_text_preformatted: (part, directory) => [
    el(
      "pre",
      {},
      part.elements.map((one) => piece(one, directory)),
    ),
  ],
  rich_text_list: (part, directory) => [
    el(
      part.style === "ordered" ? "ol" : "ul",
      { "data-indent": part.indent || null },
      part.elements.map((item) =>
        el(
          "li",
          {},
          item.elements.map((one) => piece(one, directory)),
        ),
      ),
    ),
  ],
};
const editable = (part, directory) => EDITABLE[part.type]?.(part, directory) ?? [];

function paragraphs(part, directory) {
  const rows = [[]];
  for (const one of part.elements) {
    if (one.type !== "text") rows.at(-1).push(one);
    else {
      one.text.split("\n").forEach((text, index) => {
        if (index) rows.push([]);
        if (text) rows.at(-1).push({ ...one, text });
      });
    }
  }
  if (rows.length > 1 && rows.at(-1).length === 0) rows.pop();
  return rows.map((row) => el("div", {}, row.length ? row.map((one) => piece(one, directory)) : el("br")));
}

const NAMES = {
  user: (part, directory) => `@${directory.userName(part.user_id)}`,
  usergroup: (part, directory) => `@${directory.groupName(part.usergroup_id)}`,
  channel: (part, directory) => `#${directory.channelName(part.channel_id)}`,
  broadcast: (part) => `@${part.range}`,
  emoji: (part) => withEmoji(`:${part.name}:`),
  link: (part) => part.text || part.url,
  date: (part) => part.fallback ?? part.format,
};

function piece(part, directory) {
  // What is no text stays whole: its element travels in a data attribute and cannot be edited.
  const whole = NAMES[part.type];
  const node = whole
    ? el("span", {
        class: "mention",
        contenteditable: "false",
        "data-element": JSON.stringify(part),
        text: whole(part, directory),
      })
    : document.createTextNode(part.text ?? "");
  return Object.entries(TAG_OF).reduce(
    (inner, [style, tag]) => (part.style?.[style] ? el(tag, {}, inner) : inner),
    node,
  );
}

// And back.

function block(field) {
  const parts = [];
  let open = null;
  const section = () => (open ??= parts[parts.push({ type: "rich_text_section", elements: [] }) - 1]);
  const ended = () => {
    open = null;
  };
  const walk = (parent) => {
    for (const child of parent.childNodes) {
      if (child.nodeName === "UL" || child.nodeName === "OL") {
        ended();
        parts.push(...lists(child, Number(child.dataset.indent ?? 0)));
      } else if (child.nodeName === "BLOCKQUOTE" || child.nodeName === "PRE") {
        ended();
        const type = child.nodeName === "PRE" ? "rich_text_preformatted" : "rich_text_quote";
        parts.push({ type, elements: merged(inlines(child)) });
      } else if (child.nodeName === "DIV" || child.nodeName === "P") {
        if (child.querySelector("ul, ol, blockquote, pre")) walk(child);
        else newLine(section().elements, inlines(child));
      } else if (child.nodeName === "BR") section().elements.push({ type: "text", text: "\n" });
      else section().elements.push(...inlines(child, true));
    }
  };
  walk(field);
  const elements = parts.map((part) =>
    part.type === "rich_text_section" ? { ...part, elements: trimmed(merged(part.elements)) } : part,
  );
  const kept = elements.filter((part) => part.elements.length);
  return kept.length ? { type: "rich_text", elements: kept } : null;
}

/** A div is a line: it begins a new one when something stands before it. */
function newLine(elements, more) {
  if (elements.length) elements.push({ type: "text", text: "\n" });
  // The line break that holds an empty line open is not a second line.
  const lineOnly = more.length === 1 && more[0].text === "\n";
  elements.push(...(lineOnly ? [{ type: "text", text: "" }] : more));
}

function lists(list, indent) {
  const style = list.nodeName === "OL" ? "ordered" : "bullet";
  const parts = [];
  for (const item of list.children) {
    if (item.nodeName !== "LI") {
      parts.push(...lists(item, indent + 1));
      continue;
    }
    const nested = [...item.children].filter((child) => /^[UO]L$/.test(child.nodeName));
    const own = item.cloneNode(true);
    own.querySelectorAll("ul, ol").forEach((child) => child.remove());
    const entry = { type: "rich_text_section", elements: trimmed(merged(inlines(own))) };
    const last = parts.at(-1);
    if (last?.style === style && last.indent === indent) last.elements.push(entry);
    else parts.push({ type: "rich_text_list", style, indent, elements: [entry] });
    parts.push(...nested.flatMap((child) => lists(child, indent + 1)));
  }
  return parts;
}

function inlines(node, self = false) {
  const out = [];
  const visit = (at, style) => {
    if (at.nodeType === Node.TEXT_NODE) {
      const text = at.data.replaceAll("\u00a0", " ");
      if (text) out.push(styled({ type: "text", text }, style));
    } else if (at.dataset?.element) out.push(JSON.parse(at.dataset.element));
    else if (at.nodeName === "BR") out.push({ type: "text", text: "\n" });
    else {
      const name = STYLE_TAGS[at.nodeName];
      at.childNodes.forEach((child) => visit(child, name ? { ...style, [name]: true } : style));
    }
  };
  if (self) visit(node, {});
  else node.childNodes.forEach((child) => visit(child, {}));
  return out;
}

const styled = (part, style) => (Object.keys(style).length ? { ...part, style } : part);

/** Join neighbouring texts of one style; Slack refuses empty ones. */
function merged(elements) {
  const out = [];
  for (const part of withStyledBreaks(elements)) {
    const last = out.at(-1);
    const same =
      last?.type === "text" && part.type === "text" && JSON.stringify(last.style) === JSON.stringify(part.style);
    if (same) out[out.length - 1] = { ...last, text: last.text + part.text };
    else if (part.type !== "text" || part.text) out.push(part);
  }
  return out;
}

/** A line break between two texts of one style is of that style too. */
function withStyledBreaks(elements) {
  const isBreak = (part) => part.type === "text" && /^\n*$/.test(part.text) && !part.style;
  return elements.map((part, index) => {
    if (!isBreak(part)) return part;
    const before = elements.slice(0, index).findLast((one) => !isBreak(one));
    const after = elements.slice(index).find((one) => !isBreak(one));
    const same =
      before?.type === "text" && after?.type === "text" && JSON.stringify(before.style) === JSON.stringify(after.style);
    return same && before.style ? { ...part, style: before.style } : part;
  });
}

/** Drop the line breaks an editor leaves at the end. */
function trimmed(elements) {
  const last = elements.at(-1);
  if (last?.type !== "text") return elements;
  const text = last.text.replace(/\n+$/, "");
  return text ? [...elements.slice(0, -1), { ...last, text }] : trimmed(elements.slice(0, -1));
}
