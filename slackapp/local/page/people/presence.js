/** What keeps a person from hearing, as they set it themselves: paused notifications and a status with an end. */

import { formatDate, morning } from "../ui/dates.js";
import { withEmoji } from "../ui/emoji.js";
import { menuButton } from "../ui/popup.js";

const HOUR = 3600;
const STATUSES = [
  { label: "Set status: Vacationing until tomorrow", text: "Vacationing", emoji: ":palm_tree:", days: 1 },
  { label: "Set status: Vacationing for a week", text: "Vacationing", emoji: ":palm_tree:", days: 7 },
  { label: "Set status: Out sick until tomorrow", text: "Out sick", emoji: ":face_with_thermometer:", days: 1 },
];

/** The button of a person's menu. @param {import("./person.js").Person} person @returns {HTMLButtonElement} */
export function presenceButton(person) {
  const button = menuButton({ class: "head-button presence" }, () => choices(person));
  showPresence(button, person);
  return button;
}

/** Let the button show how the person is now. */
export function showPresence(button, person) {
  const { directory, user } = person;
  const { paused, status } = stateOf(person);
  const zone = directory.zoneOf(user);
  const when = (epoch) => formatDate(epoch, "{date_short_pretty} {time}", directory.now(), zone, false);
  const said = [
    paused && `notifications paused until ${when(paused)}`,
    status && `${status.status_text}${status.status_expiration ? ` until ${when(status.status_expiration)}` : ""}`,
  ].filter(Boolean);
  const label = [`Status of ${directory.userName(user)}`, ...said].join(", ");
  if (button.getAttribute("aria-label") === label) return;
  const signs = [paused ? "🔕" : "", status ? withEmoji(status.status_emoji) : ""].join("");
  button.textContent = signs || "Status";
  button.title = said.join(", ");
  button.setAttribute("aria-label", label);
}

/** Whether a person's notifications are paused now. @param {import("./person.js").Person} person @returns {boolean} */
export function isPaused(person) {
  return stateOf(person).paused !== null;
}

function stateOf({ directory, user }) {
  const { dnd, status } = directory.users.get(user) ?? {};
  const now = directory.now();
  const paused = dnd?.dnd_enabled && dnd.next_dnd_start_ts <= now + 1 && now < dnd.next_dnd_end_ts;
  return { paused: paused ? dnd.next_dnd_end_ts : null, status: status?.status_emoji ? status : null };
}

function choices(person) {
  const now = person.directory.now();
  const zone = person.directory.zoneOf(person.user);
  const { paused, status } = stateOf(person);
  const pause = (until) => () => person.change("pause", { until: Math.round(until) });
  const set = ({ text, emoji, days }) => person.change("status", { text, emoji, until: morning(now, days, zone) });
  return [
    paused && { label: "Resume notifications", choose: pause(0) },
    { label: "Pause notifications for 1 hour", choose: pause(now + HOUR) },
    { label: "Pause notifications for 8 hours", choose: pause(now + 8 * HOUR) },
    { label: "Pause notifications until tomorrow, 9:00", choose: pause(morning(now, 1, zone)) },
    status && { label: "Clear status", choose: () => person.change("status", {}) },
    ...STATUSES.map((one) => ({ label: one.label, choose: () => set(one) })),
  ].filter(Boolean);
}
