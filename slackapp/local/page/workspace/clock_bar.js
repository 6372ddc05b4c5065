/** The workspace's clock and the buttons that move it. */

import { read, write } from "./control_api.js";
import { cityOf, dayOf, timeOfDay } from "../ui/dates.js";
import { el } from "../ui/dom.js";
import { menuButton } from "../ui/popup.js";

const JUMPS = [
  ["+10 min", 10 * 60],
  ["+30 min", 30 * 60],
  ["+2 h", 2 * 3600],
  ["+1 day", 24 * 3600],
];

/** Time passes in so many steps, so that the app lives through it instead of finding it gone. */
const STEPS = 30;

/** Let time pass in the workspace. @param {import("./directory.js").Directory} directory @param {number} seconds */
export async function passTime(directory, seconds) {
  await write("clock", { advance_s: seconds, steps: STEPS });
  const clock = await read("clock");
  directory.setClock({ now: clock.now ?? Date.now() / 1000 + clock.offset_s });
}

/** Draw the clock. @param {import("./directory.js").Directory} directory */
export function clockBar(directory) {
  const day = el("span", { class: "clock-day" });
  const hour = el("span");
  const city = el("span", { class: "city" });
  const time = el("time", { class: "clock" }, day, hour, city);
  const trouble = el("span", { class: "clock-trouble", role: "status" });
  const tick = () => {
    if (!time.isConnected && tick.started) return clearInterval(timer);
    tick.started = time.isConnected;
    const zone = directory.zone();
    day.textContent = `${dayOf(directory.now(), zone)}, `;
    hour.textContent = timeOfDay(directory.now(), zone);
    city.textContent = cityOf(zone);
    time.title = zone ?? "";
    return undefined;
  };
  const timer = setInterval(tick, 500);
  tick();
  const jump = async (seconds) => {
    try {
      trouble.textContent = "";
      await passTime(directory, seconds);
      tick();
    } catch (error) {
      trouble.textContent = error.message;
    }
  };
  const buttons = JUMPS.map(([text, seconds]) =>
    el("button", {
      type: "button",
      class: "head-button",
      text,
      "aria-label": `Move the clock ${text}`,
      onclick: () => jump(seconds),
    }),
  );
  return el(
    "div",
    { class: "clock-bar", role: "group", "aria-label": "Workspace time" },
    el("span", { class: "clock-label", text: "Workspace time" }),
    time,
    buttons,
    menuButton({ class: "head-button skip-menu", text: "Skip time" }, () =>
      JUMPS.map(([text, seconds]) => ({ label: text, choose: () => jump(seconds) })),
    ),
    trouble,
  );
}
