/** Inputs of forms: each is drawn, holds a value, and gives it as Slack's state object. */

import { combobox } from "../ui/combobox.js";
import { instantOf, wallTime } from "../ui/dates.js";
import { el, freshId } from "../ui/dom.js";
import { fileComplaint, fileInput } from "./files.js";
import { textNodes } from "../messages/mrkdwn.js";
import { richInput } from "./rich_text_input.js";

/**
 * @typedef {object} Input
 * @property {HTMLElement} node
 * @property {HTMLElement} field what gets the focus
 * @property {() => object} state as in view.state.values[block][action]
 * @property {boolean} [group] several controls under one label
 *
 * @typedef {object} InputContext what an input may ask of its surroundings
 * @property {import("../workspace/directory.js").Directory} directory
 * @property {string} user who looks at it
 * @property {object} [state] the value kept for it
 * @property {object} attributes for the field: id, aria-…
 * @property {(how: "chosen"|"typed"|"entered") => void} changed
 * @property {(name: string, size: number) => Promise<object>} attach makes a file known and resolves to its object
 * @property {(typed: string) => Promise<object[]>} suggest for external selects: options or option groups
 */

const placeholderOf = (element) => element.placeholder?.text;

function typedInput(element, context, kind = "text", more = {}) {
  const initial = context.state ? context.state.value : element.initial_value;
  const field = el(element.multiline ? "textarea" : "input", {
    type: element.multiline ? null : kind,
    rows: element.multiline ? 4 : null,
    placeholder: placeholderOf(element),
    maxlength: element.max_length,
    value: initial ?? "",
    autocomplete: "off",
    ...more,
    ...context.attributes,
    oninput: () => context.changed("typed"),
    onkeydown: (event) => {
      if (event.key !== "Enter" || element.multiline) return;
      event.preventDefault();
      context.changed("entered");
    },
  });
  return { node: field, field, state: () => ({ type: element.type, value: field.value === "" ? null : field.value }) };
}

function picker(element, context, kind, key, initial) {
  const kept = context.state ? context.state[key] : element[initial];
  const field = el("input", {
    type: kind,
    value: kept ?? "",
    ...context.attributes,
    onchange: () => context.changed("chosen"),
  });
  return { node: field, field, state: () => ({ type: element.type, [key]: field.value || null }) };
}

function instantPicker(element, context) {
  const kept = context.state ? context.state.selected_date_time : element.initial_date_time;
  const zone = context.directory.zoneOf(context.user);
  const value = kept ? wallTime(kept, zone).slice(0, 16) : "";
  const field = el("input", {
    type: "datetime-local",
    value,
    ...context.attributes,
    onchange: () => context.changed("chosen"),
  });
  const read = () => (field.value ? instantOf(field.value, zone) : null);
  return { node: field, field, state: () => ({ type: element.type, selected_date_time: read() }) };
}

// Select menus. Each source says which choices there are and how a choice is written in the state.

const ofOption = (option, group) => ({
  value: option.value,
  label: option.text.text,
  description: option.description?.text,
  group: group?.label.text,
  data: option,
});
const ofOptions = ({ options, option_groups: groups }) =>
  groups?.length
    ? groups.flatMap((group) => group.options.map((option) => ofOption(option, group)))
    : (options ?? []).map((option) => ofOption(option));

const ofUser = (id, directory) => ({
  value: id,
  label: directory.userName(id),
  description: directory.users.get(id)?.name && `@${directory.users.get(id).name}`,
  data: id,
});
const ofChannel = (id, directory) => ({
  value: id,
  label: `${directory.channels.get(id)?.is_private ? "🔒 " : "#"}${directory.channelName(id)}`,
  data: id,
});

const matches = (choices, typed) =>
  choices.filter((choice) => choice.label.toLowerCase().includes(typed.toLowerCase()));

function conversations(element, context) {
  const include = element.filter?.include;
  const channels = [...context.directory.channels.values()].filter((channel) => {
    if (channel.is_im || channel.is_archived) return false;
    if (channel.is_private && !channel.members?.includes(context.user)) return false;
    if (element.type.includes("channels") && channel.is_private) return false;
    if (element.filter?.exclude_external_shared_channels && channel.is_ext_shared) return false;
    return !include || include.includes(channel.is_private ? "private" : "public");
  });
  return channels.map((channel) => ofChannel(channel.id, context.directory));
}

const SOURCES = {
  static: { key: "option", choices: (element, context, typed) => matches(ofOptions(element), typed), choice: ofOption },
  external: {
    key: "option",
    choices: async (element, context, typed) => ofOptions(await context.suggest(typed)),
    choice: ofOption,
    remote: true,
  },
  users: {
    key: "user",
    choices: (element, context, typed) =>
      matches(
        context.directory.people().map((user) => ofUser(user.id, context.directory)),
        typed,
      ),
    choice: ofUser,
  },
  conversations: {
    key: "conversation",
    choices: (element, context, typed) => matches(conversations(element, context), typed),
    choice: ofChannel,
  },
  channels: {
    key: "channel",
    choices: (element, context, typed) => matches(conversations(element, context), typed),
    choice: ofChannel,
  },
};

function select(element, context) {
  const several = element.type.startsWith("multi_");
  const source = SOURCES[element.type.replace("multi_", "").replace("_select", "")];
  const key = `selected_${source.key}${several ? "s" : ""}`;
  const kept = context.state ? context.state[key] : element[`initial_${source.key}${several ? "s" : ""}`];
  const chosen = (several ? (kept ?? []) : [kept]).filter(Boolean);
  const asOption = source.key === "option";
  const box = combobox({
    choices: (typed) => source.choices(element, context, typed),
    chosen: chosen.map((one) => (asOption ? ofOption(one) : source.choice(one, context.directory))),
    several,
    most: element.max_selected_items,
    remote: source.remote,
    fewestLetters: source.remote ? (element.min_query_length ?? 3) : 0,
    placeholder: placeholderOf(element),
    attributes: context.attributes,
    changed: () => context.changed("chosen"),
  });
  const state = () => {
    const data = box.chosen().map((choice) => choice.data);
    return { type: element.type, [key]: several ? data : (data[0] ?? null) };
  };
  return { node: box.node, field: box.field, state };
}

// Checkboxes and radio buttons.

function choiceList(element, context) {
  const several = element.type === "checkboxes";
  const kept = several
    ? ((context.state ? context.state.selected_options : element.initial_options) ?? [])
    : [context.state ? context.state.selected_option : element.initial_option].filter(Boolean);
  const name = freshId("choice");
  const boxes = element.options.map((option) =>
    el("input", {
      type: several ? "checkbox" : "radio",
      name,
      checked: kept.some((one) => one.value === option.value),
      onchange: () => context.changed("chosen"),
    }),
  );
  const rows = element.options.map((option, index) =>
    el(
      "label",
      { class: "choice" },
      boxes[index],
      el(
        "span",
        {},
        textNodes(option.text, context),
        option.description && el("small", {}, textNodes(option.description, context)),
      ),
    ),
  );
  const { id, "aria-required": required, ...described } = context.attributes;
  if (!several) described["aria-required"] = required; // a group of checkboxes may not say so
  const node = el("div", { class: "choices", role: several ? "group" : "radiogroup", id, ...described }, rows);
  const state = () => {
    const chosen = element.options.filter((option, index) => boxes[index].checked);
    return several
      ? { type: element.type, selected_options: chosen }
      : { type: element.type, selected_option: chosen[0] ?? null };
  };
  return { node, field: boxes[0], state, group: true };
}

function rich(element, context) {
  const initial = context.state ? context.state.rich_text_value : element.initial_value;
  const { directory, attributes } = context;
  const input = richInput({
    initial,
    placeholder: placeholderOf(element),
    attributes,
    directory,
    changed: () => context.changed("typed"),
  });
  return {
    node: input.node,
    field: input.field,
    state: () => ({ type: element.type, rich_text_value: input.value() }),
    group: true,
  };
}

const INPUTS = {
  plain_text_input: (element, context) => typedInput(element, context),
  email_text_input: (element, context) => typedInput(element, context, "email"),
  url_text_input: (element, context) => typedInput(element, context, "url"),
  number_input: (element, context) =>
    typedInput(element, context, "text", { inputmode: element.is_decimal_allowed ? "decimal" : "numeric" }),
  rich_text_input: rich,
  datepicker: (element, context) => picker(element, context, "date", "selected_date", "initial_date"),
  timepicker: (element, context) => picker(element, context, "time", "selected_time", "initial_time"),
  datetimepicker: instantPicker,
  checkboxes: choiceList,
  radio_buttons: choiceList,
  file_input: fileInput,
};

/** Whether an element is one that holds a value. */
export const isInput = (element) => element.type in INPUTS || element.type.endsWith("_select");

/** Draw an input. @param {object} element @param {InputContext} context @returns {Input} */
export function makeInput(element, context) {
  return (INPUTS[element.type] ?? select)(element, context);
}

/**
 * The state object of an answer that is written down, such as "Sales" for a select menu.
 * @param {object} element
 * @param {string|string[]} answer the text, the day or time, or what the choice is called; several choices as a list
 * @param {import("../workspace/directory.js").Directory} directory
 */
export function stateOf(element, answer, directory) {
  const { type } = element;
  if (type === "rich_text_input") {
    const elements = [{ type: "rich_text_section", elements: [{ type: "text", text: answer }] }];
    return { type, rich_text_value: { type: "rich_text", elements } };
  }
  if (type === "users_select")
    return { type, selected_user: directory.people().find((user) => user.real_name === answer)?.id ?? null };
  if (element.options || element.option_groups) {
    const choices = ofOptions(element);
    const called = (name) =>
      (choices.find((choice) => choice.label === name) ?? choices.find((choice) => choice.label.startsWith(name)))?.data;
    if (type === "checkboxes" || type.startsWith("multi_"))
      return { type, selected_options: [answer].flat().map(called).filter(Boolean) };
    return { type, selected_option: called(answer) ?? null };
  }
  if (type === "datepicker") return { type, selected_date: answer };
  if (type === "timepicker") return { type, selected_time: answer };
  return { type, value: answer };
}

/** The plain value of a state object, as `view_action` and `click` take it. */
export function plainValue(state) {
  const value =
    state.value ?? state.rich_text_value ?? state.selected_date ?? state.selected_time ?? state.selected_date_time;
  if (value !== undefined && value !== null) return value;
  if (state.selected_options) return state.selected_options.map((option) => option.value);
  if (state.selected_option) return state.selected_option.value;
  const chosen = Object.entries(state).find(([key]) => key.startsWith("selected_"));
  return chosen?.[1] ?? null;
}

const isEmpty = (state) =>
  Object.entries(state).every(([key, value]) => key === "type" || value === null || value.length === 0);

/**
 * What Slack itself says about an answer before the app is asked.
 * @returns {string|null} a sentence, or null when it may be sent
 */
export function complaint(element, state, optional) {
  if (isEmpty(state)) return optional ? null : "Please complete this required field.";
  if (element.type === "file_input") return fileComplaint(element, state.files);
  const { value } = state;
  if (element.min_length && value.length < element.min_length)
    return `Please enter at least ${element.min_length} characters.`;
  if (element.max_length && value.length > element.max_length)
    return `Please enter at most ${element.max_length} characters.`;
  if (element.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(value))
    return "Please enter a valid email address.";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/i.test(value))
    return "Please enter a valid URL, such as https://example.com.";
  return element.type === "number_input" ? numberComplaint(element, value) : null;
}

function numberComplaint(element, value) {
  if (!(element.is_decimal_allowed ? /^-?\d+([.]\d+)?$/ : /^-?\d+$/).test(value)) return "Please enter a valid number.";
  if (element.min_value && Number(value) < Number(element.min_value))
    return `Please enter ${element.min_value} or more.`;
  if (element.max_value && Number(value) > Number(element.max_value))
    return `Please enter ${element.max_value} or less.`;
  return null;
}
