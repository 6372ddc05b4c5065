/**
 * Dates as Slack writes them: docs.slack.dev/messaging/formatting-message-text, "Date formatting".
 *
 * Every function takes the time zone of the person who reads, as Slack shows times; without one it is the browser's.
 */

const DAY = 86400;
const ORDINALS = { one: "st", two: "nd", few: "rd", other: "th" };
const ordinal = new Intl.PluralRules("en-US", { type: "ordinal" });

const MONTH = { month: "long" };
const WEEKDAY = { weekday: "long" };
const SHORT = { month: "short", day: "numeric", year: "numeric" };
const STAMP = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
const CLOCK = { hour: "numeric", minute: "2-digit" };
const SECONDS = { ...CLOCK, second: "2-digit" };
const WALL = {
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
};

const made = new Map();
function format(options, zone, locale) {
  const key = JSON.stringify([options, zone, locale]);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }));
  return made.get(key);
}
const write = (epoch, options, zone, locale) => format(options, zone, locale).format(new Date(epoch * 1000));
const english = (epoch, options, zone) => write(epoch, options, zone, "en-US");

/** What clocks and calendars show at an instant: "2026-11-28T09:30:00". */
export function wallTime(epoch, zone) {
  const parts = format(WALL, zone, "en-US").formatToParts(new Date(epoch * 1000));
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** The instant, in epoch seconds, at which clocks show a wall time such as "2026-11-28T09:30". */
export function instantOf(wall, zone) {
  const asUtc = (text) => Date.parse(`${text}Z`) / 1000;
  let at = asUtc(wall);
  for (const _ of [1, 2]) at += asUtc(wall) - asUtc(wallTime(at, zone)); // twice: the first guess may be in summer time
  return at;
}

const isoDay = (epoch, zone) => wallTime(epoch, zone).slice(0, 10);

/** Nine o'clock some days after an instant, in epoch seconds. */
export function morning(epoch, days, zone) {
  const day = new Date(Date.parse(`${isoDay(epoch, zone)}T09:00:00Z`) + days * DAY * 1000);
  return instantOf(day.toISOString().slice(0, 19), zone);
}

/** The city that a time zone is named after, such as "New York"; empty without a zone. */
export const cityOf = (zone) => (zone ?? "").split("/").at(-1).replaceAll("_", " ");

function ordinalDay(epoch, zone) {
  const day = Number(isoDay(epoch, zone).slice(8));
  return `${day}${ORDINALS[ordinal.select(day)]}`;
}

const long = (epoch, zone) =>
  `${english(epoch, MONTH, zone)} ${ordinalDay(epoch, zone)}, ${isoDay(epoch, zone).slice(0, 4)}`;

function near(epoch, now, zone) {
  const days = Math.round((new Date(isoDay(epoch, zone)) - new Date(isoDay(now, zone))) / (DAY * 1000));
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
}

/** How long ago or ahead, in words: "3 minutes ago", "in 2 hours". Both in epoch seconds. */
export function ago(epoch, now) {
  const away = epoch - now;
  const size = Math.abs(away);
  if (size < 45) return "just now";
  const [unit, length] = [
    ["day", DAY],
    ["hour", 3600],
    ["minute", 60],
  ].find(([, s]) => size >= s) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat("en", { numeric: "always" }).format(Math.round(away / length), unit);
}

const TOKENS = {
  date_num: (at, now, zone) => isoDay(at, zone),
  date: (at, now, zone) => long(at, zone),
  date_short: (at, now, zone) => english(at, SHORT, zone),
  date_long: (at, now, zone) => `${english(at, WEEKDAY, zone)}, ${long(at, zone)}`,
  date_pretty: (at, now, zone) => near(at, now, zone) ?? long(at, zone),
  date_short_pretty: (at, now, zone) => near(at, now, zone) ?? english(at, SHORT, zone),
  date_long_pretty: (at, now, zone) => near(at, now, zone) ?? `${english(at, WEEKDAY, zone)}, ${long(at, zone)}`,
  time: (at, now, zone) => write(at, CLOCK, zone),
  time_secs: (at, now, zone) => write(at, SECONDS, zone),
  ago: (at, now) => ago(at, now),
};

/**
 * Fill in a token string such as "{date_short_pretty} at {time}".
 * @param {number} epoch seconds
 * @param {string} tokens
 * @param {number} now epoch seconds of the workspace
 * @param {string} [zone] of the person who reads
 * @param {boolean} [begins] whether a sentence begins with it: "Today", not "today"
 */
export function formatDate(epoch, tokens, now, zone, begins = true) {
  const text = tokens.replace(/\{(\w+)\}/g, (whole, name) => TOKENS[name]?.(epoch, now, zone) ?? whole);
  return begins && tokens.startsWith("{date") ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** The time of day of an instant. */
export const timeOfDay = (epoch, zone) => write(epoch, CLOCK, zone);

/** The day of an instant, with its weekday. */
export const dayOf = (epoch, zone) => english(epoch, STAMP, zone);

/** Day and time, for tooltips. */
export const fullTime = (epoch, zone) => `${dayOf(epoch, zone)}, ${timeOfDay(epoch, zone)}`;

/** A heading for the messages of one day: "Today", "Yesterday" or the date. */
export const dayHeading = (epoch, now, zone) => formatDate(epoch, "{date_long_pretty}", now, zone);
