/** The list of exchanges: the newest thousand, filtered, live. */

import { Trouble, listen, read } from "../workspace/control_api.js";
import { el } from "../ui/dom.js";
import { KINDS, drawCall, isRefused, kindOf, subjectOf } from "./call.js";

/** How many exchanges are kept in the page. */
export const MOST = 1000;
/** Hears of exchanges; the workspace tells no person of them. */
const FOLLOWER = ":calls";
const ANYTHING = "";
const REFUSED = "refused";

export class CallList {
  /**
   * @param {import("../workspace/directory.js").Directory} directory
   * @param {{inspect: (place: {channel: string, ts: string}) => void, changed: () => void}} panel
   *   `changed` is called when something crossed the wire or the clock was moved
   */
  constructor(directory, panel) {
    this.directory = directory;
    this.panel = panel;
    this.rows = [];
    this.last = 0;
    this.cleared = 0;
    this.paused = false;
    this.waiting = false;
    this.makeFilters();
    this.note = el("p", { class: "inspector-note", hidden: true });
    this.trouble = el("p", { class: "inspector-trouble", role: "alert", hidden: true });
    this.empty = el("p", { class: "inspector-empty" });
    this.items = el("div", { class: "call-items" });
    this.box = el(
      "div",
      { class: "calls", role: "region", "aria-label": "Exchange with the app", tabIndex: 0 },
      this.note,
      this.items,
      this.empty,
    );
    this.low = true;
    this.box.addEventListener("scroll", () => (this.low = atBottom(this.box)));
    new ResizeObserver(() => this.stayLow()).observe(this.box);
    this.box.addEventListener("toggle", ({ target }) => requestAnimationFrame(() => this.opened(target)), true);
    this.node = el("div", { class: "calls-part" }, this.filters, this.trouble, this.box);
    this.showEmpty();
  }

  makeFilters() {
    const changed = () => this.filter();
    this.kind = el(
      "select",
      { "aria-label": "Kind", onchange: changed },
      option(ANYTHING, "Everything"),
      option(REFUSED, "Refused only"),
      Object.entries(KINDS).map(([value, text]) => option(value, text)),
    );
    this.method = el("select", { "aria-label": "Method", onchange: changed }, option(ANYTHING, "Every method"));
    this.text = el("input", {
      type: "search",
      placeholder: "Find in calls",
      "aria-label": "Find in calls",
      oninput: changed,
    });
    this.pauseButton = el("button", {
      type: "button",
      class: "inspector-button",
      text: "Pause",
      "aria-pressed": "false",
      onclick: () => this.pause(!this.paused),
    });
    const clear = el("button", {
      type: "button",
      class: "inspector-button",
      text: "Clear",
      onclick: () => this.clear(),
    });
    this.filters = el("div", { class: "inspector-filters" }, this.text, this.kind, this.method, this.pauseButton, clear);
  }

  /** Begin to follow. */
  start() {
    this.stopListening = listen(FOLLOWER, {
      changed: (what) => {
        if (what.includes("calls")) this.update();
        this.panel.changed();
      },
      online: (yes) => yes && this.update(),
    });
  }

  /** Follow no longer. */
  stop() {
    this.stopListening?.();
    this.stopListening = null;
  }

  pause(yes) {
    this.paused = yes;
    this.pauseButton.setAttribute("aria-pressed", String(yes));
    this.pauseButton.textContent = yes ? "Go on" : "Pause";
    this.pauseButton.classList.remove("news");
    if (!yes) this.update();
    this.showEmpty();
  }

  async clear() {
    try {
      const answer = await fetch("/control/calls", { method: "DELETE" });
      this.take({ calls: [], ...(await answer.json()) });
    } catch {
      this.complain("The local workspace does not answer. Is it still running?");
    }
  }

  /** Read what is new; what comes meanwhile is read right after, at most once a frame. */
  async update() {
    if (this.paused) {
      this.pauseButton.classList.add("news");
      this.pauseButton.textContent = "Go on (new calls)";
      return;
    }
    this.waiting = true;
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.waiting) {
        this.waiting = false;
        this.take(await read(`calls?after=${this.last}&newest=${MOST}`));
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      this.complain("");
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) console.error(trouble);
      this.complain(trouble.message);
    } finally {
      this.reading = false;
    }
  }

  take({ calls, last, cleared, record }) {
    if (this.record && record !== this.record) {
      this.startAfresh();
      return;
    }
    this.record = record;
    this.last = last;
    if (cleared > this.cleared) this.drop((row) => row.call.n <= cleared);
    this.cleared = cleared;
    const low = this.low || atBottom(this.box);
    calls.forEach((call) => this.add(call));
    const over = this.rows.length - MOST;
    if (over > 0) this.rows.splice(0, over).forEach((row) => row.node.remove());
    const earlier = this.last - this.cleared - this.rows.length;
    this.note.hidden = earlier <= 0;
    this.note.textContent = `${earlier} earlier ${earlier === 1 ? "call is" : "calls are"} not shown.`;
    this.listMethods();
    this.showEmpty();
    this.low = low;
    this.stayLow();
  }

  /** Keep the newest call in sight, unless somebody scrolled up. */
  stayLow() {
    if (this.low) this.box.scrollTop = this.box.scrollHeight;
  }

  /** Bring what was opened into sight, as much of it as fits, its first line in any case. */
  opened(call) {
    if (!call.open || !call.matches(".call")) return;
    const own = call.getBoundingClientRect();
    const frame = this.box.getBoundingClientRect();
    const below = own.bottom - frame.bottom;
    this.low = false;
    if (below > 0) this.box.scrollTop += Math.min(below, own.top - frame.top);
  }

  /** Put a call where it began: a delivery is recorded after the calls that were made while it was answered. */
  add(call) {
    const row = { call, node: drawCall(call, this.directory, this.panel.inspect) };
    row.node.hidden = !this.wanted(row);
    let at = this.rows.length;
    while (at > 0 && this.rows[at - 1].call.begun > call.begun) at -= 1;
    this.items.insertBefore(row.node, this.rows[at]?.node ?? null);
    this.rows.splice(at, 0, row);
  }

  /** Another workspace answers, which counts from one: what was read with our number is not all of it. */
  startAfresh() {
    this.drop(() => true);
    this.record = null;
    this.last = 0;
    this.cleared = 0;
    this.waiting = true;
    this.showEmpty();
  }

  drop(which) {
    this.rows.filter(which).forEach((row) => row.node.remove());
    this.rows = this.rows.filter((row) => !which(row));
  }

  filter() {
    for (const row of this.rows) row.node.hidden = !this.wanted(row);
    this.showEmpty();
  }

  wanted(row) {
    const { call } = row;
    const kind = this.kind.value;
    if (kind === REFUSED ? !isRefused(call) : kind && kindOf(call) !== kind) return false;
    if (this.method.value && call.method !== this.method.value) return false;
    const words = this.text.value.trim().toLowerCase();
    if (!words) return true;
    row.words ??= [call.method, subjectOf(call, this.directory), call.why ?? "", JSON.stringify([call.args, call.answer])]
      .join(" ")
      .toLowerCase();
    return row.words.includes(words);
  }

  listMethods() {
    const there = new Set([...this.method.options].map((one) => one.value));
    const fresh = new Set(this.rows.map((row) => row.call.method).filter((method) => !there.has(method)));
    if (fresh.size === 0) return;
    const all = [...there, ...fresh].filter(Boolean).sort();
    const chosen = this.method.value;
    this.method.replaceChildren(option(ANYTHING, "Every method"), ...all.map((method) => option(method, method)));
    this.method.value = chosen;
  }

  showEmpty() {
    const none = this.rows.every((row) => row.node.hidden);
    this.empty.hidden = !none;
    if (this.rows.length) this.empty.textContent = "No call matches the filter.";
    else this.empty.textContent = this.paused ? "Paused." : "Nothing has crossed the wire yet. Do something in Slack.";
  }

  complain(sentence) {
    this.trouble.hidden = !sentence;
    this.trouble.textContent = sentence;
  }
}

const option = (value, text) => el("option", { value, text });

const atBottom = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 40;
