/** What a person types into a composer, as Slack's editor would send it. */

const PARTS = /(?<![\w<@#])(?:@([\w.-]*\w)|#([\w-]+)|(https?:\/\/[^\s<>]*[^\s<>.,;:!?)]))/g;
const BROADCASTS = new Set(["here", "channel", "everyone"]);

/**
 * Make text and a rich_text block; "@name", "#channel" and addresses become mentions and links where they are known.
 * @param {string} typed
 * @param {import("../workspace/directory.js").Directory} directory
 * @param {object[]} channels those the person is in
 * @returns {{text: string, blocks: object[]}}
 */
export function typedMessage(typed, directory, channels) {
  const users = new Map([...directory.users.values()].map((user) => [user.name.toLowerCase(), user.id]));
  const groups = new Map([...directory.groups.values()].map((group) => [group.handle.toLowerCase(), group.id]));
  const rooms = new Map(channels.filter((one) => !one.is_im).map((one) => [one.name.toLowerCase(), one.id]));
  const known = (at, hash, url) => {
    const name = (at ?? hash ?? "").toLowerCase();
    if (url) return [`<${url}>`, { type: "link", url }];
    if (at && users.has(name)) return [`<@${users.get(name)}>`, { type: "user", user_id: users.get(name) }];
    if (at && groups.has(name))
      return [`<!subteam^${groups.get(name)}>`, { type: "usergroup", usergroup_id: groups.get(name) }];
    if (at && BROADCASTS.has(name)) return [`<!${name}>`, { type: "broadcast", range: name }];
    if (hash && rooms.has(name)) return [`<#${rooms.get(name)}>`, { type: "channel", channel_id: rooms.get(name) }];
    return null;
  };
  let text = "";
  let end = 0;
  const elements = [];
  const words = (until) => {
    if (until > end) elements.push({ type: "text", text: typed.slice(end, until) });
    text += typed.slice(end, until);
  };
  for (const found of typed.matchAll(PARTS)) {
    const part = known(found[1], found[2], found[3]);
    if (!part) continue;
    words(found.index);
    text += part[0];
    elements.push(part[1]);
    end = found.index + found[0].length;
  }
  words(typed.length);
  return { text, blocks: [{ type: "rich_text", elements: [{ type: "rich_text_section", elements }] }] };
}
