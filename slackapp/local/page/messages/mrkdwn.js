/** Slack's mrkdwn as DOM nodes: docs.slack.dev/messaging/formatting-message-text. */

import { formatDate } from "../ui/dates.js";
import { el } from "../ui/dom.js";
import { withEmoji } from "../ui/emoji.js";

/** Undo Slack's three escapes. */
export const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Escape text for Slack: exactly these three signs. */
export const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * @param {string} text mrkdwn
 * @param {{directory: import("../workspace/directory.js").Directory, openLink?: (url: string) => boolean}} context
 * @param {{verbatim?: boolean}} [options] verbatim: plain addresses are not made into links
 * @returns {Node[]}
 */
export function mrkdwn(text, context, { verbatim = false } = {}) {
  const source = text.replace(/[\uE000-\uF8FF]/g, "");
  return source
    .split(/```([\s\S]+?)```/)
    .flatMap((part, index) =>
      index % 2
        ? [el("pre", { class: "code-block", text: codeText(part.replace(/^\n|\n$/g, ""), context) })]
        : lines(part, context, verbatim),
    );
}

/** A text object, plain or mrkdwn, as nodes. */
export function textNodes(object, context) {
  if (!object) return [];
  if (object.type === "plain_text") return [document.createTextNode(withEmoji(object.text))];
  return mrkdwn(object.text, context, { verbatim: object.verbatim });
}

function lines(text, context, verbatim) {
  const nodes = [];
  let quoted = null;
  const all = text.split("\n");
  all.forEach((line, index) => {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quote) {
      if (!quoted) nodes.push((quoted = el("blockquote")));
      else quoted.append("\n");
      quoted.append(...inline(quote[1], context, verbatim));
      return;
    }
    const wasQuoted = quoted !== null;
    quoted = null;
    if (index > 0 && !wasQuoted) nodes.push(document.createTextNode("\n"));
    nodes.push(...inline(line, context, verbatim));
  });
  return nodes;
}

// Code and <…> are taken out first and stand as one private-use character each while emphasis is looked for.
const FIRST_MARK = 0xe000;
const EMPHASIS = [
  ["b", /(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\p{L}\p{N}*])/u],
  ["i", /(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]*[^\s_])_(?![\p{L}\p{N}_])/u],
  ["s", /(?<![\p{L}\p{N}~])~(?=[^\s~])([^~\n]*[^\s~])~(?![\p{L}\p{N}~])/u],
];
const ADDRESS = /https?:\/\/[^\s<>|\uE000-\uF8FF]*[^\s<>|.,;:!?)\]'"\uE000-\uF8FF]/;

function inline(text, context, verbatim) {
  const marks = [];
  const marked = text.replace(
    /`([^`\n]+)`|<([@#!][^<>\n]+|[a-z][a-z0-9+.-]*:[^<>\n]+)>/gi,
    (whole, code, entity, at) => {
      const begins = /^[\s*_~]*$/.test(text.slice(0, at));
      marks.push(
        code === undefined
          ? () => reference(entity, context, begins)
          : () => el("code", { text: codeText(code, context) }),
      );
      return String.fromCharCode(FIRST_MARK + marks.length - 1);
    },
  );
  return emphasised(marked, marks, context, verbatim);
}

function emphasised(text, marks, context, verbatim) {
  for (const [tag, pattern] of EMPHASIS) {
    const found = pattern.exec(text);
    if (!found) continue;
    return [
      ...emphasised(text.slice(0, found.index), marks, context, verbatim),
      el(tag, {}, emphasised(found[1], marks, context, verbatim)),
      ...emphasised(text.slice(found.index + found[0].length), marks, context, verbatim),
    ];
  }
  return text.split(/([\uE000-\uF8FF])/).flatMap((part) => {
    const make = part.length === 1 ? marks[part.charCodeAt(0) - FIRST_MARK] : undefined;
    return make ? [make()] : plain(part, context, verbatim);
  });
}

function plain(text, context, verbatim) {
  const found = verbatim ? null : ADDRESS.exec(text);
  if (!found) return text ? [document.createTextNode(withEmoji(unescape(text)))] : [];
  return [
    ...plain(text.slice(0, found.index), context, true),
    link(unescape(found[0]), unescape(found[0]), context),
    ...plain(text.slice(found.index + found[0].length), context, verbatim),
  ];
}

/** Slack resolves references in code too, but shows them as words. */
function codeText(code, context) {
  return unescape(code.replace(/<([@#!][^<>\n]+)>/g, (whole, entity) => reference(entity, context).textContent));
}

function reference(entity, context, begins = false) {
  const bar = entity.indexOf("|");
  const target = bar < 0 ? entity : entity.slice(0, bar);
  const label = bar < 0 ? "" : unescape(entity.slice(bar + 1));
  const { directory } = context;
  if (target.startsWith("@")) return mention(`@${directory.userName(target.slice(1))}`, target.slice(1), context);
  if (target.startsWith("#")) return channelMention(target.slice(1), context);
  if (target.startsWith("!subteam^"))
    return mention(`@${directory.groupName(target.slice(9))}`, target.slice(9), context);
  if (target.startsWith("!date^")) return dateReference(target, label, context, begins);
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`, target.slice(1), context);
  return link(unescape(target), label || unescape(target), context);
}

function dateReference(target, label, context, begins) {
  const [, epoch, tokens, url] = target.split("^");
  const known = Number.isFinite(Number(epoch)) && epoch !== "" && tokens;
  const { directory, user } = context;
  const text = known ? formatDate(Number(epoch), tokens, directory.now(), directory.zoneOf(user), begins) : label;
  const node = el("time", {
    text,
    title: label || null,
    datetime: known ? new Date(epoch * 1000).toISOString() : null,
  });
  return url ? link(url, text, context) : node;
}

/** A mention as Slack shows it; one's own is highlighted. */
export function mention(text, id, context) {
  const mine = id === context.user || ["here", "channel", "everyone"].includes(id);
  return el("span", { class: mine ? "mention mine" : "mention", text });
}

/** A channel's name that opens the channel. */
export function channelMention(id, context) {
  const open = () => context.openChannel?.(id);
  if (!context.directory.channels.has(id) || !context.openChannel) {
    return el("span", { class: "mention", text: `#${context.directory.channelName(id)}` });
  }
  return el("button", {
    class: "mention as-link",
    type: "button",
    onclick: open,
    text: `#${context.directory.channelName(id)}`,
  });
}

/** A link; addresses that are no web or mail address are shown as text. Links into this workspace open in place. */
export function link(url, label, context) {
  if (!/^(https?|mailto|slack):/i.test(url)) return document.createTextNode(label);
  const go = (event) => {
    if (context.openLink?.(url)) event.preventDefault();
  };
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", onclick: go, text: withEmoji(label) });
}
