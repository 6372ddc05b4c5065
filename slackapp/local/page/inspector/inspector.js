/** The inspector: a panel beside the page with the exchange with the app and the app's own view of a message. */

import { el } from "../ui/dom.js";
import { AppView } from "./app_view.js";
import { CallList } from "./call_list.js";

const OPEN = "inspector is open";
const WIDTH = "inspector's width";
const NARROWEST = 320;
const STEP = 40;
const phone = matchMedia("(max-width: 760px)");
let panel = null;

/**
 * The button that opens the inspector.
 * @param {import("../workspace/directory.js").Directory} directory
 * @param {() => import("../people/person.js").Person[]} people whose columns are open
 */
export function inspectorButton(directory, people) {
  panel ??= new Panel(directory, people);
  return el("button", {
    type: "button",
    class: "head-button open-inspector",
    text: "Inspector",
    "aria-expanded": String(panel.isOpen),
    onclick: () => panel.toggle(),
  });
}

class Panel {
  constructor(directory, people) {
    this.people = people;
    this.isOpen = false;
    this.mark = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.mark];
    this.kept = new AppView(directory);
    this.calls = new CallList(directory, { inspect: (place) => this.inspect(place), changed: () => this.kept.soon() });
    this.node = el(
      "aside",
      { class: "inspector", "aria-label": "Inspector", onkeydown: (event) => this.key(event) },
      this.handle(),
      el(
        "header",
        { class: "inspector-head" },
        el("h2", { text: "Inspector" }),
        el("button", {
          type: "button",
          class: "icon",
          "aria-label": "Close the inspector",
          title: "Close",
          text: "×",
          onclick: () => this.close(),
        }),
      ),
      this.calls.node,
      this.kept.node,
    );
    document.addEventListener("click", (event) => this.choose(event.target));
    document.addEventListener("focusin", (event) => this.choose(event.target));
    phone.addEventListener("change", () => this.cover());
    if (sessionStorage.getItem(OPEN)) this.open({ focus: false });
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open({ focus: true });
  }

  open({ focus }) {
    this.isOpen = true;
    sessionStorage.setItem(OPEN, "yes");
    this.resize(Number(localStorage.getItem(WIDTH)) || 460);
    document.body.classList.add("has-inspector");
    document.body.append(this.node);
    this.calls.start();
    if (this.kept.place) this.inspect(this.kept.place);
    this.tell();
    if (focus) this.calls.text.focus();
  }

  close() {
    this.isOpen = false;
    sessionStorage.removeItem(OPEN);
    this.calls.stop();
    this.node.remove();
    document.body.classList.remove("has-inspector");
    this.mark.replaceSync("");
    this.tell();
    document.querySelector(".open-inspector")?.focus();
  }

  tell() {
    document.querySelector(".open-inspector")?.setAttribute("aria-expanded", String(this.isOpen));
    this.cover();
  }

  /** On a phone the panel covers the page, which then cannot be reached. */
  cover() {
    document.getElementById("page").inert = this.isOpen && phone.matches;
  }

  /** Show what the app keeps about a message, and mark the message. */
  inspect(place) {
    this.mark.replaceSync(
      `.message[data-ts="${CSS.escape(place.ts)}"] { box-shadow: inset 3px 0 0 var(--accent); background: var(--mention); }`,
    );
    this.kept.show(place);
  }

  /** Take the message that somebody clicked or reached with the keyboard. */
  choose(target) {
    const message = target.closest?.(".message[data-ts]");
    if (!message) return;
    const user = message.closest(".column")?.dataset.user;
    const channel = this.people().find((person) => person.user === user)?.channelId;
    const { ts } = message.dataset;
    if (!channel || (this.kept.place?.ts === ts && this.kept.place.channel === channel)) return;
    if (this.isOpen) this.inspect({ channel, ts });
    else this.kept.place = { channel, ts }; // shown when the inspector is opened
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.target === this.calls.text && this.calls.text.value) {
      this.calls.text.value = "";
      this.calls.filter();
    } else this.close();
  }

  /** The edge that is dragged, or moved with the arrow keys. */
  handle() {
    const drag = (event) => this.resize(innerWidth - event.clientX);
    this.edge = el("div", {
      class: "inspector-edge",
      role: "separator",
      tabIndex: 0,
      "aria-orientation": "vertical",
      "aria-label": "Width of the inspector",
      "aria-valuemin": String(NARROWEST),
      onpointerdown: (event) => {
        event.preventDefault();
        this.edge.setPointerCapture(event.pointerId);
        this.edge.addEventListener("pointermove", drag);
      },
      onpointerup: () => this.edge.removeEventListener("pointermove", drag),
      onpointercancel: () => this.edge.removeEventListener("pointermove", drag),
      onkeydown: (event) => {
        const step = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
        if (!step) return;
        event.preventDefault();
        this.resize(this.width + step);
      },
    });
    return this.edge;
  }

  resize(wanted) {
    const widest = Math.max(NARROWEST, Math.round(innerWidth * 0.7));
    this.width = Math.round(Math.min(widest, Math.max(NARROWEST, wanted)));
    this.node.style.setProperty("--inspector-width", `${this.width}px`);
    this.edge.setAttribute("aria-valuenow", String(this.width));
    this.edge.setAttribute("aria-valuemax", String(widest));
    localStorage.setItem(WIDTH, String(this.width));
  }
}
