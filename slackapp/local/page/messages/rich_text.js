/** `rich_text` blocks as DOM nodes. */

import { formatDate } from "../ui/dates.js";
import { el } from "../ui/dom.js";
import { withEmoji } from "../ui/emoji.js";
import { channelMention, link, mention } from "./mrkdwn.js";

const INLINE = {
  text: (part) => document.createTextNode(part.text),
  link: (part, context) => link(part.url, part.text || part.url, context),
  user: (part, context) => mention(`@${context.directory.userName(part.user_id)}`, part.user_id, context),
  usergroup: (part, context) =>
    mention(`@${context.directory.groupName(part.usergroup_id)}`, part.usergroup_id, context),
  channel: (part, context) => channelMention(part.channel_id, context),
  broadcast: (part, context) => mention(`@${part.range}`, part.range, context),
  emoji: (part) => document.createTextNode(withEmoji(`:${part.name}:`)),
  color: (part) => document.createTextNode(part.value),
  date: (part, context) =>
    el("time", {
      text: formatDate(part.timestamp, part.format, context.directory.now(), context.directory.zoneOf(context.user)),
      title: part.fallback ?? null,
    }),
};
const STYLES = { bold: "b", italic: "i", strike: "s", code: "code", underline: "u" };

function inline(part, context) {
  const node = INLINE[part.type]?.(part, context) ?? document.createTextNode(part.text ?? part.fallback ?? "");
  return Object.entries(STYLES).reduce(
    (inner, [style, tag]) => (part.style?.[style] ? el(tag, {}, inner) : inner),
    node,
  );
}

const inlines = (part, context) => part.elements.map((one) => inline(one, context));

const PARTS = {
  rich_text_section: (part, context) => el("div", { class: "rich-section" }, inlines(part, context)),
  rich_text_quote: (part, context) => el("blockquote", {}, inlines(part, context)),
  rich_text_preformatted: (part, context) => el("pre", { class: "code-block" }, inlines(part, context)),
  rich_text_list: (part, context) =>
    el(
      part.style === "ordered" ? "ol" : "ul",
      { class: `rich-list indent-${Math.min(part.indent ?? 0, 8)}`, start: part.offset ? part.offset + 1 : null },
      part.elements.map((item) => el("li", {}, inlines(item, context))),
    ),
};

/** Show a rich_text block. @returns {HTMLElement} */
export function richText(block, context) {
  return el(
    "div",
    { class: "rich-text" },
    block.elements.map((part) => PARTS[part.type]?.(part, context)),
  );
}
