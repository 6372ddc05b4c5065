/** The drawing of one person's column: sidebar, messages, thread, composer. */

import { composer } from "../messages/composer.js";
import { cityOf } from "../ui/dates.js";
import { el, freshId, redraw } from "../ui/dom.js";
import { avatar, fillMessages } from "../messages/messages.js";
import { menuButton } from "../ui/popup.js";
import { presenceButton, showPresence } from "./presence.js";
import { channelSign, channelTitle, fillSidebar } from "./sidebar.js";

/** Messages drawn at first, and added whenever one scrolls up to the oldest of them. */
const PAGE = 60;

/** Everything one person sees of Slack, apart from dialogs. */
export class Column {
  /** @param {import("./person.js").Person} person */
  constructor(person) {
    this.person = person;
    const { directory, user } = person;
    const name = directory.userName(user);
    this.toasts = el("div", { class: "toasts", "aria-live": "polite" });
    this.offline = el("div", {
      class: "offline",
      role: "status",
      hidden: true,
      text: "Connecting to the workspace again…",
    });
    this.sidebar = el("nav", { class: "sidebar", "aria-label": `Channels of ${name}` });
    this.drawerButton = el(
      "button",
      {
        type: "button",
        class: "drawer-button",
        "aria-expanded": "false",
        "aria-label": "Channels",
        onclick: () => this.toggleDrawer(),
      },
      "☰",
      (this.drawerCount = el("span", { class: "count", hidden: true })),
    );
    this.title = el("h2", { class: "channel-title" });
    const tab = (text, home) =>
      el("button", { type: "button", role: "tab", text, onclick: () => person.showHome(home) });
    this.tabs = el("div", { class: "tabs", role: "tablist", hidden: true }, tab("Home", true), tab("Messages", false));
    this.room = PAGE;
    this.list = el("div", {
      class: "messages",
      role: "log",
      tabIndex: 0,
      "aria-label": `Messages seen by ${name}`,
      onscroll: () => this.showEarlier(),
    });
    this.homeArea = el("div", { class: "home", hidden: true });
    this.composer = composer({
      label: "Message",
      commands: () => directory.commands,
      send: (text) => person.send(text),
    });
    this.closed = el("div", { class: "closed", hidden: true, text: "This channel is archived. Nobody can post here." });
    this.thread = this.makeThread();
    this.main = el(
      "div",
      { class: "main" },
      el("div", { class: "channel-bar" }, this.drawerButton, this.title, this.tabs),
      this.list,
      this.homeArea,
      this.composer,
      this.closed,
    );
    this.head = this.makeHead(name);
    this.body = el("div", { class: "column-body" }, this.sidebar, this.main, this.thread);
    this.node = el(
      "section",
      { class: "column", "aria-label": name, "data-user": user },
      this.head,
      this.offline,
      this.body,
      this.toasts,
    );
    keepLow(this.list);
    this.main.addEventListener(
      "pointerdown",
      (event) => this.drawerButton.contains(event.target) || this.closeDrawer(),
    );
    this.sidebar.addEventListener("keydown", (event) => event.key === "Escape" && this.closeDrawer());
  }

  makeHead(name) {
    const { person } = this;
    const global = () =>
      person.directory.shortcuts
        .filter((shortcut) => shortcut.type === "global")
        .map((shortcut) => ({
          label: shortcut.name,
          description: person.directory.app.name,
          choose: () => person.globalShortcut(shortcut),
        }));
    return el(
      "header",
      { class: "column-head" },
      avatar(person.user, person.directory, "small"),
      el(
        "div",
        { class: "who" },
        el("h1", { text: name }),
        el("span", { class: "city", text: cityOf(person.directory.zoneOf(person.user)) }),
      ),
      (this.presence = presenceButton(person)),
      menuButton({ class: "head-button", text: "Shortcuts" }, global),
      el("button", {
        type: "button",
        class: "icon",
        "aria-label": `Close ${name}`,
        title: "Close",
        text: "×",
        onclick: () => person.page.leave(),
      }),
    );
  }

  makeThread() {
    const { person } = this;
    const id = freshId("thread");
    this.threadList = el("div", { class: "messages", role: "log", tabIndex: 0, "aria-labelledby": id });
    this.threadComposer = composer({
      label: "Reply…",
      commands: () => [],
      send: (text) => person.send(text, person.threadTs),
    });
    const close = () => person.closeThread();
    return el(
      "aside",
      { class: "thread", hidden: true, "aria-labelledby": id, onkeydown: (event) => event.key === "Escape" && close() },
      el(
        "div",
        { class: "channel-bar" },
        (this.threadTitle = el("h2", { id, text: "Thread" })),
        el("button", { type: "button", class: "icon", "aria-label": "Close thread", text: "×", onclick: close }),
      ),
      this.threadList,
      this.threadComposer,
    );
  }

  /** Draw what the person's data says now. */
  draw() {
    const { person } = this;
    const { channel } = person;
    fillSidebar(this.sidebar, person);
    showPresence(this.presence, person);
    const unread = person.channels.reduce((sum, one) => sum + (one.unread ?? 0), 0);
    this.drawerCount.hidden = unread === 0;
    this.drawerCount.textContent = String(unread);
    if (!channel) {
      this.title.textContent = "No channels yet";
      this.list.replaceChildren();
      return;
    }
    this.drawChannel(channel);
    this.drawThread(channel);
    if (this.wanted) this.goTo(this.wanted);
  }

  drawChannel(channel) {
    const { person } = this;
    const sign = channel.is_im ? null : el("span", { class: "sign", text: channelSign(channel) });
    this.title.replaceChildren(...[sign, channelTitle(channel, person)].filter(Boolean));
    this.drawTabs(channel);
    const home = person.showsHome;
    this.list.hidden = home;
    this.homeArea.hidden = !home;
    this.composer.hidden = home || channel.is_archived;
    this.closed.hidden = home || !channel.is_archived;
    this.label(channel);
    if (home) this.drawHome();
    else {
      if (this.shown !== channel.id) this.room = PAGE;
      const low = atBottom(this.list) || this.shown !== channel.id;
      this.shown = channel.id;
      const known = new Set(channel.messages.map((one) => one.ts));
      const parents = channel.messages.filter(
        (one) => !one.thread_ts || one.thread_ts === one.ts || !known.has(one.thread_ts),
      );
      const at = this.wanted ? parents.findIndex((one) => one.ts === this.wanted) : -1;
      if (at >= 0) this.room = Math.max(this.room, parents.length - at + 10);
      this.hidden = Math.max(0, parents.length - this.room);
      fillMessages(this.list, parents.slice(this.hidden), person, { channel, replies: repliesOf(channel.messages) });
      if (low) this.toBottom();
    }
  }

  /** Draw more once the oldest drawn message is near; what is looked at stays where it is. */
  showEarlier() {
    if (!this.hidden || this.list.scrollTop > 300 || !this.person.channel) return;
    const below = this.list.scrollHeight - this.list.scrollTop;
    this.room += PAGE;
    this.drawChannel(this.person.channel);
    this.list.scrollTop = this.list.scrollHeight - below;
  }

  drawTabs(channel) {
    const { person } = this;
    const isApp = channel.is_im && channel.members?.includes(person.directory.app.bot_user);
    this.tabs.hidden = !isApp || !person.directory.app.home_tab;
    if (this.tabs.hidden) person.showsHome = false;
    [...this.tabs.children].forEach((tab, index) =>
      tab.setAttribute("aria-selected", String(person.showsHome === (index === 0))),
    );
  }

  drawHome() {
    const { home } = this.person;
    if (this.homeHash === home?.hash) return;
    this.homeHash = home?.hash;
    redraw(this.homeArea, () => {
      this.homeArea.replaceChildren(...this.person.drawHome());
      return this.homeArea;
    });
  }

  drawThread(channel) {
    const { person } = this;
    const parent = channel.messages.find((one) => one.ts === person.threadTs);
    const replies = channel.messages.filter((one) => one.thread_ts === person.threadTs && one.ts !== person.threadTs);
    const open = person.threadTs !== null && (parent || replies.length > 0);
    this.thread.hidden = !open;
    this.node.classList.toggle("has-thread", Boolean(open));
    if (!open) return;
    const name = channelTitle(channel, person);
    this.threadTitle.replaceChildren("Thread", el("small", { text: ` ${channel.is_im ? name : `#${name}`}` }));
    this.threadComposer.hidden = channel.is_archived;
    const low = atBottom(this.threadList) || this.shownThread !== person.threadTs;
    this.shownThread = person.threadTs;
    fillMessages(this.threadList, [parent, ...replies].filter(Boolean), person, { channel });
    if (low) this.threadList.scrollTop = this.threadList.scrollHeight;
  }

  label(channel) {
    const field = this.composer.querySelector("textarea");
    const text = `Message ${channel.is_im ? "" : channelSign(channel)}${channelTitle(channel, this.person)}`;
    field.placeholder = text;
    field.setAttribute("aria-label", text);
  }

  setOnline(yes) {
    this.offline.hidden = yes;
  }

  toggleDrawer() {
    const open = this.node.classList.toggle("drawer-open");
    this.drawerButton.setAttribute("aria-expanded", String(open));
    if (open) (this.sidebar.querySelector(".current") ?? this.sidebar.querySelector("button"))?.focus();
  }

  closeDrawer() {
    if (!this.node.classList.contains("drawer-open")) return;
    this.node.classList.remove("drawer-open");
    this.drawerButton.setAttribute("aria-expanded", "false");
    this.drawerButton.focus();
  }

  /** Whether a message is in the channel or thread that is open, in a page that is looked at. */
  shows(channelId, ts) {
    if (document.hidden || channelId !== this.person.channelId) return false;
    return this.node.querySelector(`.thread:not([hidden]) [data-ts="${ts}"], .main [data-ts="${ts}"]`) !== null;
  }

  toBottom() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** Bring a message into sight and mark it for a moment; waits until it is there. */
  goTo(ts) {
    this.wanted = ts;
    if (this.hidden && this.person.channel) this.drawChannel(this.person.channel);
    const node = this.node.querySelector(`.thread:not([hidden]) [data-ts="${ts}"], .main [data-ts="${ts}"]`);
    if (!node) return;
    this.wanted = null;
    node.scrollIntoView({ block: "center" });
    node.classList.add("found");
    setTimeout(() => node.classList.remove("found"), 2500);
  }

  focusThread() {
    this.threadComposer.querySelector("textarea").focus();
  }

  focusComposer() {
    this.composer.querySelector("textarea").focus();
  }
}

const atBottom = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 60;

/** Keep the newest message in sight where a list gets shorter, such as by what opens above it. */
function keepLow(list) {
  let low = true;
  let tall = 0;
  list.addEventListener("scroll", () => list.clientHeight === tall && (low = atBottom(list)));
  new ResizeObserver(() => {
    tall = list.clientHeight;
    if (low) list.scrollTop = list.scrollHeight;
  }).observe(list);
}

function repliesOf(messages) {
  const replies = new Map();
  for (const message of messages) {
    if (!message.thread_ts || message.thread_ts === message.ts || message.ephemeral) continue;
    if (!replies.has(message.thread_ts)) replies.set(message.thread_ts, []);
    replies.get(message.thread_ts).push(message);
  }
  return replies;
}
