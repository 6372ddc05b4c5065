/** What the app itself keeps about a message, as the tables it tells. */

import { wallTime } from "../ui/dates.js";
import { Trouble, read } from "../workspace/control_api.js";
import { el, freshId } from "../ui/dom.js";

const SOON_MS = 250;
const LONG = 28;
const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g;

export class AppView {
  /** @param {import("../workspace/directory.js").Directory} directory */
  constructor(directory) {
    this.directory = directory;
    this.place = null;
    const id = freshId("kept");
    this.title = el("h3", { id });
    this.body = el("div", { class: "kept-body", tabIndex: 0, role: "group", "aria-labelledby": id });
    this.node = el("section", { class: "kept unasked", "aria-labelledby": id }, this.title, this.body);
    this.explain();
  }

  explain() {
    this.title.textContent = "The app’s own view";
    this.body.replaceChildren(
      el("p", { class: "inspector-empty", text: "Click a message of the app to see what the app keeps about it." }),
    );
    this.shown = "";
  }

  /** Show a message's tables. @param {{channel: string, ts: string}} place */
  async show(place) {
    this.place = place;
    await this.refresh();
  }

  /** Ask again in a moment, if a message is chosen. */
  soon() {
    if (!this.place || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.refresh();
    }, SOON_MS);
  }

  async refresh() {
    const { place } = this;
    if (!place || !this.node.isConnected) return;
    try {
      const told = await read(`inspect?channel=${encodeURIComponent(place.channel)}&ts=${encodeURIComponent(place.ts)}`);
      if (place === this.place) this.draw(told);
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) console.error(trouble);
      this.draw({ ok: false, error: trouble.message });
    }
  }

  draw(told) {
    const print = JSON.stringify(told);
    if (print === this.shown) return;
    this.shown = print;
    this.node.classList.toggle("unasked", !told.ok);
    this.title.textContent = told.ok ? told.title : "The app’s own view";
    const at = this.body.scrollTop;
    this.body.replaceChildren(
      ...(told.ok
        ? told.sections.map((section) => this.table(section))
        : [el("p", { class: "inspector-empty", role: "status", text: told.error })]),
    );
    this.body.scrollTop = at;
  }

  table({ title, columns, rows }) {
    const heading = el("h4", { text: title });
    if (rows.length === 0) return el("div", {}, heading, el("p", { class: "kept-none", text: "None" }));
    return el(
      "div",
      {},
      heading,
      el(
        "div",
        { class: "kept-table", role: "group", "aria-label": title, tabIndex: 0 },
        el(
          "table",
          { "aria-label": title },
          el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col", text: column })))),
          el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => this.cell(cell))))),
        ),
      ),
    );
  }

  /** People by name, instants in the reader's own time; both say on hover what was told. */
  cell(told) {
    const person = this.directory.users.has(told) && this.directory.userName(told);
    const text = person || told.replace(INSTANT, (instant) => this.time(instant));
    return el("td", { text, title: text === told ? null : told, class: text.length > LONG ? "long" : null });
  }

  /** An instant without its date, if that is today's. */
  time(instant) {
    const at = new Date(instant);
    const timeZone = this.directory.zone();
    const [day, time] = wallTime(at / 1000, timeZone).split("T");
    if (wallTime(this.directory.now(), timeZone).startsWith(day)) return time;
    return `${at.toLocaleDateString([], { month: "short", day: "numeric", timeZone })}, ${time}`;
  }
}
