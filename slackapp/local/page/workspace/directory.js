/** Who and what there is in the workspace, and what time it is there. */

import { read } from "./control_api.js";

/** Names by id, and the workspace's clock. Loaded afresh when the workspace changes. */
export class Directory {
  constructor() {
    this.team = {};
    this.app = {};
    this.users = new Map();
    this.channels = new Map();
    this.groups = new Map();
    this.commands = [];
    this.shortcuts = [];
    this.offset = 0;
    /** Returns the id of the first person whom the page shows. */
    this.reader = () => undefined;
  }

  /** Read everything again from the workspace. */
  async load() {
    const world = await read("workspace");
    this.team = world.team;
    this.app = world.app;
    this.users = new Map(world.users.map((user) => [user.id, user]));
    this.channels = new Map(world.channels.map((channel) => [channel.id, channel]));
    this.groups = new Map((world.usergroups ?? []).map((group) => [group.id, group]));
    this.commands = world.commands ?? [];
    this.shortcuts = world.shortcuts ?? [];
    this.setClock(world.clock);
  }

  /** Keep the difference between the workspace's clock and the browser's. */
  setClock(clock) {
    this.offset = clock.now - Date.now() / 1000;
  }

  /** The workspace's time now, in epoch seconds. */
  now() {
    return Date.now() / 1000 + this.offset;
  }

  /** Follow the workspace's clock while it is moved: an instant that was seen, such as a message's, is not in the future. */
  notBefore(epoch) {
    if (epoch > this.now()) this.setClock({ now: epoch });
  }

  /** A person's time zone; undefined, which is the browser's, where none is known. */
  zoneOf(id) {
    return this.users.get(id)?.tz || undefined;
  }

  /** The zone of times that belong to nobody: that of the first person shown. */
  zone() {
    return this.zoneOf(this.reader());
  }

  /** A person's name as messages show it. */
  userName(id) {
    if (id === this.app.bot_user) return this.app.name;
    const user = this.users.get(id);
    return user ? user.real_name || user.name : id;
  }

  /** A channel's name without its sign. */
  channelName(id) {
    return this.channels.get(id)?.name ?? "private channel";
  }

  /** A user group's handle without the sign. */
  groupName(id) {
    return this.groups.get(id)?.handle ?? id;
  }

  /** People who can use the page: no bots, nobody deactivated. */
  people() {
    return [...this.users.values()].filter((user) => !user.is_bot && !user.deleted && user.id !== this.app.bot_user);
  }

  /** Whether the person belongs to another company in a shared channel. */
  isOutsider(id) {
    return Boolean(this.users.get(id)?.is_stranger);
  }

  /** Whether the person is a guest of the workspace. */
  isGuest(id) {
    const user = this.users.get(id);
    return Boolean(user?.is_restricted || user?.is_ultra_restricted);
  }

  /** What a person is besides a colleague, as words behind their name; empty for a colleague. */
  standing(id) {
    if (this.isOutsider(id)) return ", from another company";
    return this.isGuest(id) ? ", guest" : "";
  }
}
