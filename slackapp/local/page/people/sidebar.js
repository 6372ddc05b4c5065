/** The list of channels, direct messages and the app, with what is unread. */

import { el, reconcile } from "../ui/dom.js";
import { avatar } from "../messages/messages.js";

/** What a channel is called for this person, without a sign: direct messages carry the other side's full name. */
export function channelTitle(channel, person) {
  return channel.is_im ? person.directory.userName(otherSide(channel, person.user)) : channel.name;
}

/** The sign before a channel's name. */
export const channelSign = (channel) => (channel.is_private ? "🔒" : "#");

/** The other side of a direct message. */
export const otherSide = (channel, user) => channel.members?.find((id) => id !== user) ?? user;

/**
 * Fill the sidebar.
 * @param {HTMLElement} nav
 * @param {import("./person.js").Person} person
 */
export function fillSidebar(nav, person) {
  const { channels, directory, user } = person;
  const isApp = (channel) => channel.is_im && otherSide(channel, user) === directory.app.bot_user;
  const groups = [
    ["Channels", channels.filter((one) => !one.is_im)],
    ["Direct messages", channels.filter((one) => one.is_im && !isApp(one))],
    ["Apps", channels.filter(isApp)],
  ];
  const isNew = directory.app.home_tab && !channels.some(isApp);
  const items = groups
    .filter(([, list]) => list.length)
    .flatMap(([heading, list]) => [
      { key: heading, data: heading, make: () => el("h3", { text: heading }) },
      ...list.map((channel) => ({
        key: channel.id,
        data: [
          channel.name,
          channel.unread,
          channel.is_archived,
          channel.is_ext_shared,
          channel.is_private,
          channel.id === person.channelId,
        ],
        make: () => row(channel, person),
      })),
    ]);
  if (isNew)
    items.push(
      { key: "Apps", data: "Apps", make: () => el("h3", { text: "Apps" }) },
      { key: "app", data: directory.app.bot_user, make: () => newApp(person) },
    );
  reconcile(nav, items);
}

/** The app before it has written to this person: its Home tab is all there is of it. */
function newApp(person) {
  const app = person.directory.app.bot_user;
  return el(
    "button",
    { type: "button", class: "channel", "data-focus": "channel app", onclick: () => person.openApp() },
    avatar(app, person.directory, "tiny"),
    el("span", { class: "channel-name", text: person.directory.userName(app) }),
  );
}

function row(channel, person) {
  const current = channel.id === person.channelId;
  const sign = channel.is_im
    ? avatar(otherSide(channel, person.user), person.directory, "tiny")
    : el("span", { class: "sign", "aria-hidden": "true", text: channelSign(channel) });
  return el(
    "button",
    {
      type: "button",
      class: `channel ${current ? "current" : ""} ${channel.unread ? "unread" : ""}`,
      "aria-current": current ? "true" : null,
      "data-focus": `channel ${channel.id}`,
      onclick: () => person.openChannel(channel.id),
    },
    sign,
    el("span", { class: "channel-name", text: channelTitle(channel, person) }),
    channel.is_ext_shared &&
      el("span", {
        class: "mark",
        title: "Shared with another company",
        "aria-label": "Shared with another company",
        text: "◇",
      }),
    channel.is_archived && el("span", { class: "mark", text: "archived" }),
    channel.unread > 0 &&
      el("span", { class: "count", "aria-label": `${channel.unread} unread`, text: String(channel.unread) }),
  );
}
