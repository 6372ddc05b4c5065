/** Modals: one view as a dialog, what was typed in it, and sending it. */

import { act } from "../workspace/control_api.js";
import { drawBlocks } from "../messages/blocks.js";
import { showDialog } from "../ui/dialog.js";
import { el, freshId } from "../ui/dom.js";
import { complaint, plainValue, stateOf } from "./inputs.js";
import { textNodes } from "../messages/mrkdwn.js";

const INCOMPLETE = "form_not_complete"; // Slack's own form refused it; the errors say why
const FAILED = "We had some trouble connecting. Try again?";

/** The inputs of one drawn view, and the Slack state object they make. */
export class Form {
  constructor() {
    this.inputs = [];
    this.bad = []; // those with an error
  }

  /** What is wrong, in a sentence for those who do not see the errors; empty where nothing is. */
  wrong() {
    const labels = this.bad.map(({ block }) => block.label?.text).filter(Boolean);
    if (labels.length < 2) return ""; // the focus is at the only one, which says it
    return `${labels.length} fields need another answer: ${labels.join(", ")}.`;
  }

  /** Note an input that was drawn. */
  register(blockId, element, input, block, showError) {
    this.inputs.push({ blockId, element, input, block, showError });
  }

  /** The state of all inputs, as `view.state.values`. */
  values() {
    const values = {};
    for (const { blockId, element, input } of this.inputs) (values[blockId] ??= {})[element.action_id] = input.state();
    return values;
  }

  /** What the inputs are called, in order. */
  labels() {
    return this.inputs.filter(({ block }) => block.type === "input").map(({ block }) => block.label.text);
  }

  /** Put the focus where a view wants it when it is drawn, unless that field was there before. @param {Form} before */
  focusOnLoad(before) {
    const known = new Set(before.inputs.map(({ blockId }) => blockId));
    goTo(
      this.inputs.find(({ blockId, element }) => element.focus_on_load && !known.has(blockId)),
      "center", // with what stands above it
    );
  }

  /** Show what Slack itself would refuse. @returns {boolean} whether all may be sent */
  check() {
    const bad = this.inputs.filter(({ block, element, input, showError }) => {
      const text = block.type === "input" ? complaint(element, input.state(), block.optional) : null;
      showError(text);
      return text;
    });
    goTo(bad[0]);
    this.bad = bad;
    return bad.length === 0;
  }

  /** Show the app's errors at their fields. @param {Object<string, string>} errors by block_id */
  showErrors(errors) {
    const bad = this.inputs.filter(({ blockId, showError }) => {
      if (errors[blockId]) showError(errors[blockId]);
      return errors[blockId];
    });
    goTo(bad[0]);
    this.bad = bad;
    return bad.length > 0;
  }
}

/** Put the focus into a field and bring its label and error into sight. */
function goTo(entry, block = "nearest") {
  entry?.input.field.focus();
  entry?.input.field.closest(".block")?.scrollIntoView({ block });
}

/** The dialog of one person's topmost view. */
export class ViewDialog {
  /** @param {import("../people/person.js").Person} person */
  constructor(person) {
    this.person = person;
    this.view = null;
    this.form = new Form();
    this.typed = new Map(); // view id -> values, so that a view comes back as it was left
    this.away = null;
    this.filling = null; // the answers still to be filled in, and into which view
  }

  /** Show the top of the stack, or nothing. Typed values stay unless the view changed, and then where ids are equal. */
  show(stack) {
    const view = stack.at(-1) ?? null;
    if (!view) this.close();
    else if (view.id !== this.view?.id) this.open(view);
    else if (view.hash !== this.view.hash) this.redraw(view);
    else if (JSON.stringify(view.errors ?? {}) !== JSON.stringify(this.view.errors ?? {})) this.setErrors(view);
    this.forget(stack);
  }

  forget(stack) {
    const open = new Set(stack.map((view) => view.id));
    for (const id of this.typed.keys()) if (!open.has(id)) this.typed.delete(id);
  }

  keep() {
    if (this.view) this.typed.set(this.view.id, this.form.values());
  }

  close() {
    this.away?.();
    this.away = null;
    this.view = null;
  }

  open(view) {
    this.keep();
    this.close();
    this.view = view;
    this.titleId = freshId("title");
    this.box = el("div", { class: "dialog", "data-view": view.id });
    this.news = el("div", { class: "unseen", role: "status" }); // outlives what is drawn, so that it is read out
    this.fill(view);
    this.away = showDialog(this.person.node, this.box, { label: this.titleId, close: () => this.cancel() });
    this.form.focusOnLoad(new Form());
    this.setErrors(view);
  }

  redraw(view) {
    this.keep();
    const before = document.activeElement;
    const inside = this.box.contains(before);
    const focused = inside ? before.closest("[data-focus]")?.dataset.focus : undefined;
    const caret = [before.selectionStart, before.selectionEnd];
    const wasInField = inside && this.form.inputs.some(({ input }) => input.node.contains(before));
    const wasSend = inside && before === this.send;
    const labels = this.form.labels();
    const drawn = this.form;
    const scrolled = this.box.querySelector(".dialog-body").scrollTop;
    this.view = view;
    this.fill(view);
    const fresh = this.form.labels().filter((label) => !labels.includes(label));
    const turned = !wasInField && fresh.length > 0 && fresh.length * 2 > this.form.labels().length;
    this.box.querySelector(".dialog-body").scrollTop = turned ? 0 : scrolled;
    if (inside) this.focusAgain({ focused: turned ? null : focused, caret, turned, wasSend });
    if (inside) this.form.focusOnLoad(drawn);
    this.tell(turned, fresh);
    dispatchEvent(new Event("resize")); // lists that hung on fields of the old drawing go away
    this.fillRest();
    this.setErrors(view);
  }

  /** Put the focus where it was; a new page, or a form that has just got its inputs, begins with the first of them. */
  focusAgain({ focused, caret, turned, wasSend }) {
    const same = focused && this.box.querySelector(`[data-focus="${CSS.escape(focused)}"]`);
    const first = turned ? this.form.inputs[0]?.input.field : null;
    (same || first || (wasSend && this.send) || this.box).focus();
    if (same?.setSelectionRange && Number.isInteger(caret[0])) same.setSelectionRange(...caret);
  }

  /** Say what came for those who do not see it: another page, or fields that appeared because of an answer. */
  tell(turned, fresh) {
    const title = this.view.title.text;
    if (turned) this.news.textContent = `${title}. ${fresh.length === 1 ? "1 field" : `${fresh.length} fields`}.`;
    else if (fresh.length)
      this.news.textContent = `${fresh.length === 1 ? "New field" : "New fields"}: ${fresh.join(", ")}.`;
  }

  /**
   * Fill in answers by the labels of their fields, as if they had been typed: those of this form now, and those that it
   * asks later, because of an answer or on its next page.
   * @param {Object<string, string>} answers
   */
  fillIn(answers) {
    if (!this.view) return;
    this.filling = { view: this.view.id, answers: new Map(Object.entries(answers)) };
    this.fillRest();
  }

  /** Fill in what can be answered now and was not yet. A choice that is not offered yet is left for later. */
  fillRest() {
    if (this.filling?.view !== this.view.id) return;
    const { answers } = this.filling;
    this.keep();
    const typed = this.typed.get(this.view.id);
    const asked = this.view.blocks
      .filter(({ type, label, element }) => type === "input" && answers.has(label.text) && !element.type.endsWith("external_select"))
      .map((block) => ({ ...block, state: stateOf(block.element, answers.get(block.label.text), this.person.directory) }))
      .filter(({ state }) => plainValue(state) !== null);
    if (!asked.length) return;
    for (const { block_id: id, element, label, state } of asked) {
      typed[id] = { [element.action_id]: state };
      answers.delete(label.text);
    }
    this.fill(this.view);
    this.send?.focus();
    const tell = this.surface(this.view).act;
    for (const { block_id: id, element, dispatch_action: tells, state } of asked)
      if (tells) tell(id, element, plainValue(state));
  }

  setErrors(view) {
    this.view = view;
    if (this.form.showErrors(view.errors ?? {})) this.news.textContent = this.form.wrong();
  }

  fill(view) {
    const surface = this.surface(view);
    this.form = new Form();
    this.trouble = el("div", { class: "dialog-trouble", role: "alert", hidden: true });
    const close = view.close?.text ?? (view.submit ? "Cancel" : "Close");
    this.send =
      view.submit &&
      el(
        "button",
        { type: "submit", class: "button primary", disabled: Boolean(view.submit_disabled) },
        textNodes(view.submit, surface),
      );
    const form = el(
      "form",
      {
        novalidate: true,
        onsubmit: (event) => this.submit(event),
        onkeydown: (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && this.submit(event),
      },
      el(
        "header",
        {},
        el("span", {
          class: "avatar app small",
          "aria-hidden": "true",
          text: this.person.directory.app.name?.[0] ?? "A",
        }),
        el("h2", { id: this.titleId }, textNodes(view.title, surface)),
        el("button", {
          type: "button",
          class: "icon",
          "aria-label": "Close",
          text: "×",
          onclick: () => this.cancel({ clear: true }),
        }),
      ),
      el("div", { class: "dialog-body" }, drawBlocks(view.blocks, surface)),
      this.trouble,
      el(
        "footer",
        {},
        el("button", { type: "button", class: "button", text: close, onclick: () => this.cancel() }),
        this.send,
      ),
    );
    this.box.replaceChildren(form, this.news);
    this.showBusy(); // a page may come before the answer to what asked for it
  }

  surface(view) {
    const typed = this.typed.get(view.id);
    const stored = view.state?.values;
    return {
      ...this.person.surface(),
      kept: (blockId, actionId) => typed?.[blockId]?.[actionId] ?? stored?.[blockId]?.[actionId],
      register: (...input) => this.form.register(...input),
      attach: (name, size) => this.person.attach(name, size),
      act: (blockId, element, value) => this.person.viewAct(view, blockId, element, value, this.form.values()),
      suggest: (blockId, element, typed) => this.person.suggest({ view_id: view.id }, blockId, element, typed),
    };
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy || !this.send || this.send.disabled) return;
    if (!this.form.check()) {
      this.news.textContent = this.form.wrong();
      return;
    }
    await this.waiting(async () => {
      const answer = await act("submit", { user: this.person.user, view_id: this.view.id, values: this.form.values() });
      if (!answer.ok && answer.error !== INCOMPLETE) {
        this.complain(answer.error);
        return;
      }
      await this.person.refresh();
      if (this.view) this.form.showErrors(this.view.errors ?? {}); // the same errors may have come again
    });
  }

  /** Press Cancel; with `clear` the x, which closes what lies below too. */
  async cancel({ clear = false } = {}) {
    if (this.busy || !this.view) return;
    await this.waiting(async () => {
      await act("close", { user: this.person.user, view_id: this.view.id, clear });
      await this.person.refresh();
    });
  }

  async waiting(work) {
    this.showBusy(true);
    this.trouble.hidden = true;
    try {
      await work();
    } catch (trouble) {
      this.trouble.textContent = trouble.message;
      this.trouble.hidden = false;
    } finally {
      this.showBusy(false);
    }
  }

  /** Say at the form's own buttons whether a press counts, whichever drawing they are of. */
  showBusy(busy = this.busy ?? false) {
    this.busy = busy;
    this.send?.classList.toggle("busy", busy);
    for (const button of this.box.querySelectorAll(":scope > form > :is(header, footer) button"))
      button.setAttribute("aria-disabled", String(busy));
  }

  complain(error) {
    this.trouble.replaceChildren(FAILED, el("small", { text: ` (${error ?? "no answer"})` }));
    this.trouble.hidden = false;
  }
}
