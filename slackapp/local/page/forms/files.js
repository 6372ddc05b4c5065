/** Files: the input that attaches them, and how a message shows those it was sent with. */

import { el } from "../ui/dom.js";

const MOST = 10; // files that an input takes unless it says less

/**
 * An input for files. Only their names and sizes leave the page: the workspace keeps no contents.
 * @param {object} element
 * @param {import("./inputs.js").InputContext} context `attach` makes a file known to the workspace
 * @returns {import("./inputs.js").Input}
 */
export function fileInput(element, context) {
  let files = [...(context.state?.files ?? [])];
  const most = element.max_files ?? MOST;
  const { id, "aria-required": _required, "aria-labelledby": labelledBy, ...described } = context.attributes;
  const list = el("ul", { class: "files" });
  const news = el("div", { class: "unseen", role: "status" });
  const chooser = el("input", {
    type: "file",
    hidden: true,
    multiple: most > 1,
    accept: element.filetypes?.map((one) => `.${one}`).join(",") || null,
    onchange: () => take([...chooser.files]),
  });
  const choose = el("button", {
    type: "button",
    class: "button",
    id,
    ...described,
    text: most > 1 ? "Attach files" : "Attach a file",
    onclick: () => chooser.click(),
  });
  choose.setAttribute("aria-describedby", [labelledBy, described["aria-describedby"]].filter(Boolean).join(" "));

  async function take(chosen) {
    chooser.value = "";
    try {
      const made = await Promise.all(chosen.map((one) => context.attach(one.name, one.size)));
      set([...files, ...made], `${made.map((one) => one.name).join(", ")} attached`);
    } catch (trouble) {
      news.textContent = trouble.message;
    }
  }

  function set(kept, said) {
    files = kept;
    show();
    news.textContent = said;
    context.changed("chosen");
  }

  function remove(file) {
    set(
      files.filter((one) => one !== file),
      `${file.name} removed`,
    );
    choose.focus();
  }

  function show() {
    list.replaceChildren(
      ...files.map((file) =>
        el(
          "li",
          {},
          el("span", { text: file.name }),
          el("button", {
            type: "button",
            class: "icon",
            "aria-label": `Remove ${file.name}`,
            text: "×",
            onclick: () => remove(file),
          }),
        ),
      ),
    );
    list.hidden = files.length === 0;
  }

  show();
  const node = el("div", { class: "file-input", role: "group", "aria-labelledby": labelledBy }, list, choose, chooser, news);
  return { node, field: choose, state: () => ({ type: element.type, files }), group: true };
}

/** What Slack itself says about the files of an input. @returns {string|null} a sentence, or null */
export function fileComplaint(element, files) {
  const most = element.max_files ?? MOST;
  if (files.length > most) return `Please attach at most ${most} ${most === 1 ? "file" : "files"}.`;
  const wanted = element.filetypes?.map((one) => one.toLowerCase().replace(/^\./, ""));
  const ending = (name) => (name.includes(".") ? name.split(".").at(-1).toLowerCase() : "");
  const wrong = wanted && files.find((one) => !wanted.includes(ending(one.name)));
  return wrong ? `${wrong.name} is not of a type that can be attached here: ${wanted.join(", ")}.` : null;
}

/** The files of a message, by name. @param {object[]} files @returns {HTMLElement} */
export const fileList = (files) =>
  el(
    "ul",
    { class: "files", "aria-label": "Files" },
    files.map((file) => el("li", {}, el("span", { text: file.name ?? file.title ?? file.id }))),
  );
