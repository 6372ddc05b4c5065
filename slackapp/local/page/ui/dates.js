/** Dates as Slack writes them: docs.slack.dev/messaging/formatting-message-text, "Date formatting". */

const DAY = 86400;
const english = (options) => new Intl.DateTimeFormat("en-US", options);
const ORDINALS = { one: "st", two: "nd", few: "rd", other: "th" };
const ordinal = new Intl.PluralRules("en-US", { type: "ordinal" });

const ordinalDay = (date) => `${date.getDate()}${ORDINALS[ordinal.select(date.getDate())]}`;
const month = english({ month: "long" });
const weekday = english({ weekday: "long" });
const short = english({ month: "short", day: "numeric", year: "numeric" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", second: "2-digit" });
const stamp = english({ weekday: "short", day: "numeric", month: "short", year: "numeric" });

const two = (number) => String(number).padStart(2, "0");
const isoDay = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const long = (date) => `${month.format(date)} ${ordinalDay(date)}, ${date.getFullYear()}`;

function near(date, now) {
  const days = Math.round((new Date(isoDay(date)) - new Date(isoDay(now))) / (DAY * 1000));
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
  date_num: (date) => isoDay(date),
  date: (date) => long(date),
  date_short: (date) => short.format(date),
  date_long: (date) => `${weekday.format(date)}, ${long(date)}`,
  date_pretty: (date, now) => near(date, now) ?? long(date),
  date_short_pretty: (date, now) => near(date, now) ?? short.format(date),
  date_long_pretty: (date, now) => near(date, now) ?? `${weekday.format(date)}, ${long(date)}`,
  time: (date) => clock.format(date),
  time_secs: (date) => seconds.format(date),
  ago: (date, now) => ago(date / 1000, now / 1000),
};

/**
 * Fill in a token string such as "{date_short_pretty} at {time}" in the browser's time zone.
 * @param {number} epoch seconds
 * @param {string} tokens
 * @param {number} now epoch seconds of the workspace
 * @param {boolean} [begins] whether a sentence begins with it: "Today", not "today"
 */
export function formatDate(epoch, tokens, now, begins = true) {
  const date = new Date(epoch * 1000);
  const today = new Date(now * 1000);
  const text = tokens.replace(/\{(\w+)\}/g, (whole, name) => TOKENS[name]?.(date, today) ?? whole);
  return begins && tokens.startsWith("{date") ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** The time of day of an instant, in the browser's zone. */
export const timeOfDay = (epoch) => clock.format(new Date(epoch * 1000));

/** The day of an instant, with its weekday. */
export const dayOf = (epoch) => stamp.format(new Date(epoch * 1000));

/** Day and time, for tooltips. */
export const fullTime = (epoch) => `${dayOf(epoch)}, ${timeOfDay(epoch)}`;

/** A heading for the messages of one day: "Today", "Yesterday" or the date. */
export const dayHeading = (epoch, now) => formatDate(epoch, "{date_long_pretty}", now);
