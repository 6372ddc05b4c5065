/** The page: a bar with the clock, and one column for each chosen person. */

import { Trouble } from "./workspace/control_api.js";
import { clockBar } from "./workspace/clock_bar.js";
import { Directory } from "./workspace/directory.js";
import { el } from "./ui/dom.js";
import { Guide } from "./guide/guide.js";
import { inspectorButton } from "./inspector/inspector.js";
import { avatar } from "./messages/messages.js";
import { Person } from "./people/person.js";
import { menuButton } from "./ui/popup.js";

const root = document.getElementById("page");
const directory = new Directory();
const query = new URLSearchParams(location.search);
let open = [];
let active = null;
const guide = new Guide(directory, {
  people: () => open,
  chosen: () => chosen(),
  active: () => active,
  show: (user) => show(user),
  choose: (users) => choose(users),
});

const LAST = "people last chosen";
// A link to a message names nobody: it opens as the people of last time.
const wanted = query.get("as") ?? (query.get("channel") ? localStorage.getItem(LAST) : "") ?? "";
query.set("as", wanted);
const chosen = () => query.get("as").split(",").filter(Boolean);
directory.reader = () => chosen()[0];

function choose(users) {
  query.set("as", users.join(","));
  const scene = guide.address ? `&scene=${guide.address}` : "";
  history.replaceState(null, "", users.length ? `?as=${users.join(",")}${scene}` : "?");
  draw();
}

/** Where a link to a message wants the page to go. */
function wantedPlace() {
  const channel = query.get("channel");
  if (!channel) return undefined;
  return { channel, ts: query.get("ts") ?? query.get("message"), thread: query.get("thread_ts") };
}

function picker() {
  const people = directory.people().map((user) => {
    const box = el("input", { type: "checkbox", name: "person", value: user.id });
    return el(
      "label",
      { class: "person-choice" },
      box,
      avatar(user.id, directory),
      el(
        "span",
        {},
        el("b", { text: user.real_name || user.name }),
        el("small", { text: `@${user.name}${directory.standing(user.id)}` }),
      ),
    );
  });
  const error = el("p", { class: "field-error", role: "alert", hidden: true, text: "Choose at least one person." });
  const start = (event) => {
    event.preventDefault();
    const users = [...event.target.querySelectorAll("input:checked")].map((box) => box.value);
    error.hidden = users.length > 0;
    if (users.length) choose(users);
  };
  return el(
    "main",
    { class: "picker" },
    el(
      "form",
      { onsubmit: start },
      el("h1", { text: "Who do you want to be?" }),
      el("p", { text: "Choose one person or several. They stand side by side, each with their own Slack." }),
      el("div", { class: "person-choices" }, people),
      error,
      el("button", { type: "submit", class: "button primary", text: "Open" }),
    ),
  );
}

const worldChanged = async () => {
  await directory.load();
  directory.version =
    JSON.stringify(
      [...directory.users.values(), ...directory.channels.values(), ...directory.groups.values()].map((one) => [
        one.id,
        one.name,
        one.real_name,
        one.handle,
      ]),
    ) + Math.round(directory.offset / 60);
};

function tabs() {
  const tab = (person) =>
    el("button", {
      type: "button",
      role: "tab",
      "aria-selected": String(person.user === active),
      "data-user": person.user,
      text: directory.userName(person.user),
      onclick: () => show(person.user),
    });
  return open.map(tab);
}

function show(user) {
  const other = active !== user;
  active = user;
  showActive();
  // Where one person shows at a time, messages that came while this one was away have moved nothing.
  if (other) open.find((person) => person.user === user)?.column.toBottom();
}

function showActive() {
  if (!open.some((person) => person.user === active)) active = open[0]?.user ?? null;
  open.forEach((person) => person.node.classList.toggle("active", person.user === active));
  document.querySelector(".person-tabs")?.replaceChildren(...tabs());
  guide.draw();
}

function topBar() {
  const others = () =>
    directory
      .people()
      .filter((user) => !chosen().includes(user.id))
      .map((user) => ({ label: user.real_name || user.name, choose: () => choose([...chosen(), user.id]) }));
  return el(
    "header",
    { class: "top" },
    el("b", { class: "team", text: directory.team.name ?? "Local workspace" }),
    menuButton({ class: "head-button", text: "+ Person", "aria-label": "Add a person" }, others),
    guide.exists &&
      el("button", {
        type: "button",
        class: "head-button story-button",
        text: "Story",
        "aria-label": "A story to try",
        onclick: () => guide.open(),
      }),
    inspectorButton(directory, () => open),
    clockBar(directory),
  );
}

function draw() {
  const users = chosen().filter((id) => directory.users.has(id));
  const names = users.map((id) => directory.userName(id)).join(", ");
  document.title = `${directory.team.name ?? "Workspace"}: ${names || "choose a person"}`;
  if (users.length === 0) {
    open.forEach((person) => person.leave());
    open = [];
    root.replaceChildren(topBar(), picker());
    return;
  }
  open.filter((person) => !users.includes(person.user)).forEach((person) => person.leave());
  localStorage.setItem(LAST, users.join(","));
  const place = wantedPlace();
  open = users.map(
    (user) =>
      open.find((person) => person.user === user) ??
      new Person(user, directory, {
        leave: () => choose(chosen().filter((id) => id !== user)),
        worldChanged,
        drawn: () => guide.look(),
        show: place,
      }),
  );
  const columns = root.querySelector(".columns") ?? el("main", { class: "columns" });
  open.forEach((person) => columns.append(person.node));
  const strip = el("div", { class: "person-tabs", role: "tablist", "aria-label": "People" });
  root.replaceChildren(topBar(), el("nav", { "aria-label": "Who is shown" }, strip), el("div", { class: "stage" }, guide.node, columns));
  showActive();
}

async function start() {
  try {
    await Promise.all([worldChanged(), guide.load()]);
    await guide.start(query.get("scene"));
    draw();
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) console.error(trouble);
    root.replaceChildren(
      el(
        "main",
        { class: "picker" },
        el(
          "div",
          { role: "alert" },
          el("h1", { text: "The workspace does not answer" }),
          el("p", { text: trouble.message }),
          el("button", { type: "button", class: "button primary", text: "Try again", onclick: start }),
        ),
      ),
    );
  }
}

document.addEventListener("visibilitychange", () => open.forEach((person) => person.attempt(() => person.refresh())));
start();
