/** The guide: short scenes that a visitor plays, one step at a time. What it tells comes from the workspace. */

import { act, read, write } from "../workspace/control_api.js";
import { passTime } from "../workspace/clock_bar.js";
import { el, freshId } from "../ui/dom.js";
import { avatar } from "../messages/messages.js";
import { mrkdwn } from "../messages/mrkdwn.js";
import { buttonsOf, holds } from "./step_done.js";

const SHELF = "where the story stands";
const NOWHERE = { scene: null, step: 0, since: 0, finished: [] };

/** Close what somebody has open from before: a scene begins in a channel. */
async function closeForms(user) {
  const { views } = await read(`view?user=${encodeURIComponent(user)}`);
  if (views.length) await act("close", { user, view_id: views.at(-1).id, clear: true });
}

/** What a person does who presses the latest button of that label in the channel they look at. */
function pressOf(person, label) {
  for (const message of [...(person.channel?.messages ?? [])].reverse()) {
    const found = buttonsOf(message).find(({ element }) => element.text.text === label);
    if (!found) continue;
    const { block_id, element } = found;
    const place = { channel: person.channelId, ts: message.ts, block_id, action_id: element.action_id };
    return { act: "click", user: person.user, ...place, value: null };
  }
  return null;
}

/** A span of time in words: hours, if it is within two minutes of whole ones, else minutes. */
function spanOf(seconds) {
  const hours = Math.round(seconds / 3600);
  if (hours > 0 && Math.abs(seconds - hours * 3600) <= 120) return hours === 1 ? "1 hour" : `${hours} hours`;
  return `${Math.round(seconds / 60)} minutes`;
}

/** The panel beside the columns. */
export class Guide {
  /**
   * @param {import("../workspace/directory.js").Directory} directory
   * @param {{
   *   people: () => import("../people/person.js").Person[],
   *   chosen: () => string[],
   *   active: () => string|null,
   *   show: (user: string) => void,
   *   choose: (users: string[]) => void,
   * }} page `people` are the open columns, `chosen` who should be; `show` brings a person to the front where one shows at a time; `choose` opens people side by side
   */
  constructor(directory, page) {
    this.directory = directory;
    this.page = page;
    this.told = null;
    this.place = NOWHERE;
    this.node = el("aside", { class: "guide", hidden: true });
    this.said = el("div", { class: "unseen", "aria-live": "polite" });
  }

  /** Ask the workspace whether there is a guide. */
  async load() {
    this.told = (await read("guide")).guide;
  }

  /** Go on where the visitor was, or begin. @param {string|null} scene the one that is asked for, if any */
  async start(scene) {
    if (!this.told) return;
    const kept = JSON.parse(sessionStorage.getItem(SHELF) ?? "null");
    // A workspace that began again later than the scene knows nothing of it.
    if (kept && kept.since <= this.directory.now() && (!kept.scene || this.find(kept.scene))) this.place = kept;
    const wanted = this.find(scene);
    if (!wanted) return;
    if (this.place.scene !== scene) await this.begin(wanted);
    else this.resume(this.page.chosen().length > 0 ? this.page.chosen() : Object.keys(wanted.people));
  }

  resume(people) {
    this.node.hidden = false;
    this.page.choose(people);
  }

  /** Whether there is anything to tell. */
  get exists() {
    return Boolean(this.told);
  }

  get scene() {
    return this.find(this.place.scene);
  }

  get step() {
    return this.scene?.steps[this.place.step] ?? null;
  }

  find(key) {
    return this.told?.scenes.find((one) => one.key === key) ?? null;
  }

  /** The key of the scene that the page's address names. */
  get address() {
    return this.node.hidden ? null : this.place.scene;
  }

  /** Open the panel where it was left, at the first scene at first. */
  async open() {
    if (!this.scene) await this.begin(this.told.scenes[0]);
    else this.resume(Object.keys(this.scene.people));
    this.node.querySelector("h2")?.focus();
  }

  close() {
    this.node.hidden = true;
    this.page.choose(this.page.chosen());
    document.querySelector(".story-button")?.focus();
  }

  /** Begin a scene, or begin it again: its people stand side by side, each where it happens. */
  async begin(scene) {
    await Promise.all(Object.keys(scene.people).map(closeForms));
    // By the workspace's own clock, which dates the messages: those of a scene just played before are none of this one.
    const { now } = await read("clock");
    this.keep({ scene: scene.key, step: 0, since: now, finished: this.place.finished });
    this.node.hidden = false;
    this.page.choose(Object.keys(scene.people));
    for (const person of this.page.people()) person.openChannel(scene.people[person.user]);
    this.page.show(scene.steps[0].who);
    this.draw();
  }

  keep(place) {
    this.place = place;
    sessionStorage.setItem(SHELF, JSON.stringify(place));
  }

  /** See how far the scene has come; to be called whenever somebody's column was drawn. */
  look() {
    if (!this.scene || this.node.hidden) return;
    const { steps, key } = this.scene;
    const before = this.place.step;
    const done = (step) => step && holds(step.done, this.page.people(), this.place.since);
    let at = before;
    // What went by unseen, such as a form that was sent at once, shows in the step after it.
    while (at < steps.length && (done(steps[at]) || done(steps[at + 1]))) at += 1;
    if (at !== before) {
      const finished = at === steps.length ? [...new Set([...this.place.finished, key])] : this.place.finished;
      this.keep({ ...this.place, step: at, finished });
    }
    this.draw();
  }

  /** Draw the panel, unless it looks so already. */
  draw() {
    const { scene, step } = this;
    const here = this.page.people().map((person) => person.user);
    for (const person of this.page.people())
      person.node.classList.toggle("turn", !this.node.hidden && person.user === step?.who);
    document.querySelectorAll(".person-tabs button").forEach((tab) => {
      tab.classList.toggle("turn", !this.node.hidden && tab.dataset.user === step?.who);
    });
    const button = document.querySelector(".story-button");
    if (button) button.hidden = !this.node.hidden;
    if (!scene || this.node.hidden) return;
    const print = JSON.stringify([this.place, here, this.page.active()]);
    if (print === this.print) return;
    this.print = print;
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
    this.fill(scene);
    if (focused) (this.node.querySelector(`[data-focus="${CSS.escape(focused)}"]`) ?? this.title).focus();
    this.node.querySelector(step ? ".step.now" : ".guide-foot")?.scrollIntoView({ block: "nearest" });
    this.say(step ? `${this.name(step.who)}: ${step.do.replace(/[*`]/g, "")}` : scene.after);
  }

  say(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
  }

  name(user) {
    return this.directory.userName(user).split(" ")[0];
  }

  fill(scene) {
    const id = freshId("guide");
    this.title = el("h2", { id, tabIndex: -1, text: this.told.title });
    const close = el("button", {
      type: "button",
      class: "icon",
      "aria-label": "Close the story",
      text: "×",
      onclick: () => this.close(),
    });
    this.node.setAttribute("aria-labelledby", id);
    this.node.replaceChildren(
      el("header", {}, this.title, el("div", { class: "scene-tabs" }, this.tabs()), close),
      this.body(scene),
      this.said,
    );
  }

  tabs() {
    return this.told.scenes.map((scene, index) => {
      const finished = this.place.finished.includes(scene.key);
      return el("button", {
        type: "button",
        class: finished ? "scene-tab finished" : "scene-tab",
        "aria-current": scene.key === this.place.scene ? "true" : null,
        "aria-label": `Scene ${index + 1}: ${scene.title}${finished ? ", played" : ""}`,
        title: scene.title,
        "data-focus": `scene ${scene.key}`,
        text: finished ? "✓" : String(index + 1),
        onclick: () => this.begin(scene),
      });
    });
  }

  body(scene) {
    const ended = !this.step;
    const part = ended ? " ended" : this.place.step === 0 ? " first" : "";
    return el(
      "div",
      { class: `guide-body${part}` },
      el("h3", { text: scene.title }),
      el("p", { class: "about", text: scene.about }),
      el(
        "ol",
        { class: "steps" },
        scene.steps.map((step, index) => this.row(step, index)),
      ),
      ended && el("p", { class: "after", text: scene.after }),
      this.foot(scene, ended),
    );
  }

  foot(scene, ended) {
    const next = this.told.scenes[this.told.scenes.indexOf(scene) + 1];
    return el(
      "div",
      { class: "guide-foot" },
      ended && next && this.button(`Next: ${next.title}`, "next", () => this.begin(next), "button primary"),
      this.place.step > 0 &&
        this.button(ended ? "Play again" : "Start over", "again", () => this.begin(scene), "button quiet"),
    );
  }

  row(step, index) {
    const at = this.place.step;
    const how = index < at ? "past" : index === at ? "now" : "later";
    return el(
      "li",
      { class: `step ${how}`, "aria-current": how === "now" ? "step" : null },
      el("span", { class: "tick", "aria-hidden": "true", text: how === "past" ? "✓" : String(index + 1) }),
      el(
        "div",
        {},
        how === "past" && el("span", { class: "unseen", text: "Done: " }),
        el("b", {}, how === "now" && avatar(step.who, this.directory, "tiny"), this.name(step.who)),
        el("div", { class: "do" }, mrkdwn(step.do, { directory: this.directory, user: "" })),
        how === "now" && this.helps(step),
      ),
    );
  }

  helps(step) {
    const people = this.page.people();
    const wanted = Object.keys(this.scene.people);
    if (!wanted.every((user) => people.some((person) => person.user === user))) {
      const open = () => this.page.choose(wanted);
      return this.button("Bring everybody back", "back", open);
    }
    const person = people.find((one) => one.user === step.who);
    return el(
      "div",
      { class: "helps" },
      this.page.active() !== step.who &&
        this.button(`Be ${this.name(step.who)}`, "be", () => this.page.show(step.who), "button be"),
      step.fill && this.button("Fill it in for me", "fill", () => person.dialog.fillIn(step.fill)),
      step.skip_s &&
        this.button(`Skip ${spanOf(step.skip_s)}`, "skip", (event) => this.skip(event.target, step)),
      step.together && this.button(step.together.label, "together", () => this.together(step.together)),
    );
  }

  button(text, focus, onclick, kind = "button") {
    return el("button", { type: "button", class: kind, "data-focus": focus, text, onclick });
  }

  async skip(button, step) {
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    button.textContent = "Time passes…";
    const person = this.page.people()[0];
    await person.attempt(() => passTime(this.directory, step.skip_s));
    this.print = null;
    this.look();
  }

  /** Press one button in several columns in the same moment; chance says which press leaves first. */
  async together({ people, channel, button }) {
    const order = Math.random() < 0.5 ? people : [...people].reverse();
    const those = order.map((user) => this.page.people().find((person) => person.user === user)).filter(Boolean);
    for (const person of those) if (person.channelId !== channel) person.openChannel(channel);
    const presses = those.map((person) => pressOf(person, button)).filter(Boolean);
    await those[0]?.attempt(() => write("together", { acts: presses }));
    await Promise.all(those.map((person) => person.attempt(() => person.refresh())));
  }
}
