/** How the guide sees that a step was done: from what people see, as a person would. */

import { isPaused } from "../people/presence.js";

/**
 * Whether what a sign describes is there.
 * @param {{user: string, modal?: string, channel?: string, text?: string, button?: string, without?: string, paused?: boolean, home?: string}} sign
 *   a modal whose title begins so, or that notifications are paused or not, or words in the Home tab that they look at,
 *   or a message in which all of the rest is true
 * @param {import("../people/person.js").Person[]} people those whose columns are open
 * @param {number} since epoch seconds; earlier messages do not count
 */
export function holds(sign, people, since) {
  const person = people.find((one) => one.user === sign.user);
  if (!person) return false;
  if (sign.modal !== undefined) return person.views.at(-1)?.title.text.startsWith(sign.modal) ?? false;
  if (sign.paused !== undefined) return isPaused(person) === sign.paused;
  if (sign.home !== undefined)
    return person.showsHome && plain({ blocks: person.home?.blocks }, person.directory).includes(sign.home);
  return person.channels
    .filter((channel) => !sign.channel || channel.id === sign.channel)
    .some((channel) =>
      channel.messages.some((message) => Number(message.ts) > since && fits(message, sign, person.directory)),
    );
}

function fits(message, sign, directory) {
  const buttons = buttonsOf(message).map(({ element }) => element.text.text);
  if (sign.button && !buttons.includes(sign.button)) return false;
  if (sign.without && buttons.includes(sign.without)) return false;
  return !sign.text || plain(message, directory).includes(sign.text);
}

/** The buttons of a message, each with the block it is in. */
export function buttonsOf(message) {
  return (message.blocks ?? []).flatMap((block) =>
    [...(block.elements ?? []), block.accessory]
      .filter((element) => element?.type === "button")
      .map((element) => ({ block_id: block.block_id, element })),
  );
}

/** All words of a message, mentions as names. */
function plain(message, directory) {
  const parts = [message.text ?? "", ...(message.blocks ?? []).map((block) => block.text?.text ?? "")];
  return parts
    .join("\n")
    .replace(/<@(\w+)>/g, (whole, id) => `@${directory.userName(id)}`)
    .replace(/<[^>|]*\|([^>]*)>/g, "$1")
    .replace(/\*/g, "");
}
