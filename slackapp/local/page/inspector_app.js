/** What the app itself keeps about a message, as the tables it tells. */

import { Trouble, read } from "./api.js";
import { el, freshId } from "./dom.js";

const SOON_MS = 250;

export class AppView {
  /** @param {import("./directory.js").Directory} directory */
  constructor(directory) {
    this.directory = directory;
    this.place = null;
    const id = freshId("kept");
    this.title = el("h3", { id });
    this.body = el("div", { class: "kept-body", tabIndex: 0, role: "group", "aria-labelledby": id });
    this.node = el("section", { class: "kept", "aria-labelledby": id }, this.title, this.body);
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
    const heading = el("h4", {}, title, " ", el("small", { text: `${rows.length}` }));
    if (rows.length === 0) return el("div", {}, heading, el("p", { class: "kept-none", text: "None" }));
    return el(
      "div",
      {},
      heading,
      el(
        "div",
        { class: "kept-table" },
        el(
          "table",
          { "aria-label": title },
          el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col", text: column })))),
          el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, this.words(cell)))))),
        ),
      ),
    );
  }

  /** A cell's words; ids of people get the name beside them. */
  words(cell) {
    const name = this.directory.users.has(cell) && this.directory.userName(cell);
    return name ? el("span", { text: name, title: cell }) : cell;
  }
}
