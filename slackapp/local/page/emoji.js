/** The few emoji names that work apps use. Others stay as they were typed, `:like_this:`. */

const NAMES = {
  alarm_clock: "⏰", arrow_right: "➡️", arrows_counterclockwise: "🔄", ballot_box_with_check: "☑️", bangbang: "‼️",
  bell: "🔔", bulb: "💡", calendar: "📅", checkered_flag: "🏁", clap: "👏", clipboard: "📋", clock3: "🕒",
  email: "✉️", envelope: "✉️", exclamation: "❗", eyes: "👀", fire: "🔥", handshake: "🤝", heart: "❤️",
  heavy_check_mark: "✔️", hourglass: "⌛", hourglass_flowing_sand: "⏳", inbox_tray: "📥", information_source: "ℹ️",
  large_blue_circle: "🔵", leftwards_arrow_with_hook: "↩️", link: "🔗", lock: "🔒", mag: "🔍", mega: "📣",
  memo: "📝", no_bell: "🔕", no_entry: "⛔", ok_hand: "👌", outbox_tray: "📤", package: "📦", pencil: "✏️",
  pencil2: "✏️", point_right: "👉", pray: "🙏", pushpin: "📌", question: "❓", raised_hands: "🙌", red_circle: "🔴",
  repeat: "🔁", rocket: "🚀", rotating_light: "🚨", runner: "🏃", sos: "🆘", sparkles: "✨", speech_balloon: "💬",
  star: "⭐", stopwatch: "⏱️", tada: "🎉", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", timer_clock: "⏲️",
  warning: "⚠️", wave: "👋", white_check_mark: "✅", x: "❌", zap: "⚡", zzz: "💤", smile: "😄", slightly_smiling_face: "🙂",
};

/** Replace `:name:` by the character where the name is known. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => NAMES[name] ?? whole);
