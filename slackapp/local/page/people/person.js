/** One person's column: what they see, and everything they do. */

import { Trouble, act, listen, read } from "../workspace/control_api.js";
import { drawBlocks } from "../messages/blocks.js";
import { ask } from "../ui/dialog.js";
import { Column } from "./column.js";
import { el } from "../ui/dom.js";
import { typedMessage } from "../messages/typed_message.js";
import { toast } from "../ui/toast.js";
import { ViewDialog } from "../forms/view_dialog.js";

/** A person whose side of the workspace is open in the page. */
export class Person {
  /**
   * @param {string} user
   * @param {import("../workspace/directory.js").Directory} directory
   * @param {{
   *   leave: () => void,
   *   worldChanged: () => Promise<void>,
   *   drawn: () => void,
   *   show?: {channel: string, ts?: string, thread?: string},
   * }} page
   */
  constructor(user, directory, page) {
    this.user = user;
    this.directory = directory;
    this.page = page;
    this.channels = [];
    this.views = [];
    this.home = null;
    this.channelId = page.show?.channel ?? recall(user);
    this.threadTs = page.show?.thread ?? null;
    this.showsHome = false;
    this.lastAlert = undefined; // nothing read yet: what is there by then is no news
    this.column = new Column(this);
    this.node = this.column.node;
    this.dialog = new ViewDialog(this);
    this.stopListening = listen(user, { changed: (what) => this.changed(what), online: (yes) => this.online(yes) });
    if (page.show?.ts) this.column.goTo(page.show.ts);
  }

  /** Take the column away. */
  leave() {
    this.stopListening();
    this.node.remove();
  }

  online(yes) {
    this.column.setOnline(yes);
    if (yes) this.attempt(() => this.page.worldChanged().then(() => this.refresh()));
  }

  changed(what) {
    const worldToo = what.some((one) => !/^(channel:|views|home|alerts)/.test(one));
    this.attempt(async () => {
      if (worldToo) await this.page.worldChanged();
      await this.refresh();
    });
  }

  /** Read everything this person sees and draw it. Calls that come while one runs are folded into one more. */
  async refresh() {
    if (this.reading) {
      this.again = true;
      return this.reading;
    }
    this.reading = this.readAll();
    try {
      await this.reading;
    } finally {
      this.reading = null;
    }
    return undefined;
  }

  async readAll() {
    do {
      this.again = false;
      const seen = await read(`view?user=${encodeURIComponent(this.user)}`);
      this.channels = seen.channels;
      this.views = seen.views ?? [];
      this.home = seen.home;
      this.directory.notBefore(Math.max(...this.channels.flatMap(({ messages }) => messages.map(({ ts }) => Number(ts)))));
      if (!this.channels.some((one) => one.id === this.channelId)) this.channelId = this.channels[0]?.id ?? null;
      this.draw();
      this.tell(seen.alerts ?? []);
      await this.markRead();
    } while (this.again);
  }

  draw() {
    this.column.draw();
    this.dialog.show(this.views);
    this.page.drawn();
  }

  /** Show alerts that came since the last look, unless their message is in sight anyway. */
  tell(alerts) {
    const prints = alerts.map((alert) => JSON.stringify(alert));
    const fresh = this.lastAlert === undefined ? [] : alerts.slice(prints.lastIndexOf(this.lastAlert) + 1);
    this.lastAlert = prints.at(-1) ?? "";
    for (const alert of fresh) {
      if (this.column.shows(alert.channel, alert.ts)) continue;
      const open = () => {
        this.openChannel(alert.channel);
        const thread = this.channel?.messages.find((one) => one.ts === alert.ts)?.thread_ts;
        if (thread && thread !== alert.ts) this.openThread(alert.channel, thread);
        this.column.goTo(alert.ts);
      };
      const about = { open: alert.channel ? open : null, channel: alert.channel };
      toast(this.column.toasts, this.wording(alert), { context: this.surface(), ...about });
    }
  }

  /** The alert with its message's whole text; the excerpt may end within a mention or date. */
  wording(alert) {
    const channel = this.channels.find((one) => one.id === alert.channel);
    const message = channel?.messages.find((one) => one.ts === alert.ts);
    const author = alert.text.slice(0, alert.text.indexOf(": ") + 2);
    return message?.text ? `${author}${message.text}` : alert.text.replace(/<[^>]*$/, "…");
  }

  get channel() {
    return this.channels.find((one) => one.id === this.channelId) ?? null;
  }

  async markRead() {
    const { channel } = this;
    if (!channel?.unread || document.hidden) return;
    await act("read", { user: this.user, channel: channel.id });
    channel.unread = 0;
    this.column.draw();
  }

  /** Run something and show its trouble to the person. @returns {Promise<any>} undefined when it failed */
  async attempt(work) {
    try {
      return await work();
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) console.error(trouble);
      this.complain(trouble.message);
      return undefined;
    }
  }

  complain(text) {
    toast(this.column.toasts, text, { error: true });
  }

  // What blocks need.

  surface() {
    return {
      directory: this.directory,
      user: this.user,
      host: this.node,
      openChannel: (id) => this.openChannel(id),
      openLink: (url) => this.openLink(url),
    };
  }

  messageSurface(channel, message) {
    const place = { channel: channel.id, ts: message.ts };
    return {
      ...this.surface(),
      act: (blockId, element, value) =>
        this.tellApp("click", { ...place, block_id: blockId, action_id: element.action_id, value: value ?? null }),
      suggest: (blockId, element, typed) => this.suggest(place, blockId, element, typed),
    };
  }

  homeSurface() {
    return {
      ...this.surface(),
      kept: (blockId, actionId) => this.home.state?.values?.[blockId]?.[actionId],
      act: (blockId, element, value) => this.viewAct(this.home, blockId, element, value),
      suggest: (blockId, element, typed) => this.suggest({ view_id: this.home.id }, blockId, element, typed),
    };
  }

  drawHome() {
    return this.home ? drawBlocks(this.home.blocks, this.homeSurface()) : [];
  }

  viewAct(view, blockId, element, value, values) {
    const about = { view_id: view.id, block_id: blockId, action_id: element.action_id, value: value ?? null };
    return this.tellApp("view_action", values ? { ...about, values } : about);
  }

  /** Make a file of one's own machine known to the workspace. @returns {Promise<object>} Slack's file object */
  async attach(name, size) {
    return (await act("attach", { user: this.user, file: name, size })).file;
  }

  async suggest(place, blockId, element, typed) {
    const answer = await act("suggest", {
      user: this.user,
      ...place,
      block_id: blockId,
      action_id: element.action_id,
      value: typed,
    });
    if (!answer.ok) throw new Trouble(`${this.directory.app.name} did not answer. Type again to retry.`);
    return answer.ack ?? { options: [] };
  }

  /** Do something the app is told of; says so when the app did not answer. @returns {Promise<boolean>} */
  async tellApp(name, body) {
    const answer = await this.attempt(() => act(name, { user: this.user, ...body }));
    if (answer === undefined) return false;
    if (!answer.ok) this.complain(this.failure(name, body, answer.error));
    await this.attempt(() => this.refresh());
    return answer.ok;
  }

  failure(name, body, error) {
    const app = this.directory.app.name;
    if (name === "command") return `${body.command} failed with the error "${error}".`;
    return `${app} did not respond (${error}). Try again in a moment.`;
  }

  // What a person does.

  openChannel(id) {
    this.channelId = id;
    this.newFrom = firstUnread(this.channel, this.user);
    this.threadTs = null;
    this.showsHome = false;
    remember(this.user, id);
    this.column.closeDrawer();
    this.column.toasts.querySelectorAll(`[data-channel="${id}"]`).forEach((note) => note.remove());
    this.column.draw();
    this.column.toBottom();
    this.attempt(() => this.markRead());
  }

  /** Open the app's Home tab, also before the app has ever written to this person. */
  async openApp() {
    await this.tellApp("home", {});
    const app = this.directory.app.bot_user;
    const channel = this.channels.find((one) => one.is_im && one.members?.includes(app));
    if (!channel) return;
    this.openChannel(channel.id);
    this.showsHome = true;
    this.column.draw();
  }

  openThread(channelId, ts) {
    this.channelId = channelId;
    this.threadTs = ts;
    this.column.draw();
    this.column.focusThread();
  }

  closeThread() {
    this.threadTs = null;
    this.column.draw();
    this.column.focusComposer();
  }

  showHome(yes) {
    this.showsHome = yes;
    this.column.draw();
    if (yes) this.tellApp("home", {});
  }

  /** Open a link to a message of this workspace in place. @returns {boolean} whether it was one */
  openLink(url) {
    const at = new URL(url, location.href);
    const found = at.origin === location.origin && /^\/archives\/(\w+)(?:\/p(\d+)(\d{6}))?/.exec(at.pathname);
    if (!found) return false;
    const [, channel, seconds, micros] = found;
    if (!this.channels.some((one) => one.id === channel)) {
      this.complain("You are not in that channel.");
      return true;
    }
    if (channel !== this.channelId) this.openChannel(channel);
    const thread = at.searchParams.get("thread_ts");
    if (thread) this.openThread(channel, thread);
    if (seconds) this.column.goTo(`${seconds}.${micros}`);
    return true;
  }

  /** Send what was typed: a message, or a slash command. @returns {Promise<boolean>} whether it was taken */
  async send(text, threadTs) {
    const command = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
    if (!command) {
      const sent = await this.attempt(() =>
        act("message", {
          user: this.user,
          channel: this.channelId,
          ...this.written(text),
          ...(threadTs ? { thread_ts: threadTs } : {}),
        }),
      );
      await this.attempt(() => this.refresh());
      this.column.toBottom();
      return sent !== undefined;
    }
    if (threadTs) {
      this.complain(`${command[1]} is not supported in threads. Run it in the channel.`);
      return false;
    }
    if (!this.directory.commands.some((one) => one.command === command[1])) {
      this.complain(`${command[1]} is not a valid command.`);
      return false;
    }
    return this.tellApp("command", { channel: this.channelId, command: command[1], text: command[2] });
  }

  /** What was typed, as text and as the block Slack's own editor makes of it. */
  written(text) {
    return typedMessage(text, this.directory, this.channels);
  }

  /** Change something about oneself that no app answers. */
  async change(name, body) {
    await this.attempt(() => act(name, { user: this.user, ...body }));
    await this.attempt(() => this.refresh());
  }

  globalShortcut(shortcut) {
    return this.tellApp("shortcut", { callback_id: shortcut.callback_id });
  }

  messageShortcut(channel, message, shortcut) {
    return this.tellApp("message_shortcut", { channel, ts: message.ts, callback_id: shortcut.callback_id });
  }

  async copyLink(channel, message) {
    const thread =
      message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}&cid=${channel}` : "";
    const url = `${location.origin}/archives/${channel}/p${message.ts.replace(".", "")}${thread}`;
    await this.attempt(async () => {
      await navigator.clipboard.writeText(url);
      toast(this.column.toasts, "Link copied");
    });
  }

  async deleteMessage(channel, message) {
    const yes = await ask(this.node, {
      title: ["Delete message"],
      text: [el("p", { text: "Are you sure you want to delete this message? This cannot be undone." })],
      confirm: "Delete",
      deny: "Cancel",
      danger: true,
    });
    if (!yes) return;
    await this.attempt(() => act("delete_message", { user: this.user, channel, ts: message.ts }));
    await this.attempt(() => this.refresh());
  }
}

/** The ts of the oldest message that a channel's count of unread ones means, or null. */
function firstUnread(channel, user) {
  if (!channel?.unread) return null;
  const others = channel.messages.filter((one) => one.user !== user && (!one.thread_ts || one.thread_ts === one.ts));
  return others.at(-channel.unread)?.ts ?? null;
}

const shelf = (user) => `channel of ${user}`;
const recall = (user) => sessionStorage.getItem(shelf(user));
const remember = (user, channel) => sessionStorage.setItem(shelf(user), channel);
