const NUMBER = /^[+-]?[0-9]{0,40}(?:\.[0-9]{1,40})?$/;
const EPOCH_SECONDS = /^[0-9]{5,12}(?:\.[0-9]{1,9})?$/;
const ISO_DATE =
  /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
const BASE64_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** An integer or a decimal. */
export function parseNumber(text: string): number | undefined {
  return NUMBER.test(text) && /[0-9]$/.test(text) ? Number(text) : undefined;
}

/**
 * Epoch milliseconds of a date: ISO 8601 in the forms of the W3C note, or seconds since 1970. Four digits are a year.
 * A time without a zone is UTC.
 */
export function parseDate(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text)) return Number(text) * 1000;
  const found = ISO_DATE.exec(text);
  if (found === null) return undefined;
  const [, year = "", month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = "0", zone] =
    found;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC takes the 31st of June for the 1st of July, and the year 99 for 1999.
  const isDay = new Date(date).toISOString().startsWith(`${year}-${month}-${day}`);
  if (!isDay || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const timeMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(`0.${fraction}`) * 1000;
  return date + timeMs - zoneOffsetMs(zone);
}

function zoneOffsetMs(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(":").map(Number);
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

export function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** Base64 in one spelling per byte string: padding and unused bits do not tell byte strings apart. */
export function canonicalBase64(text: string): string | undefined {
  if (!BASE64.test(text)) return undefined;
  const bare = text.replace(/={1,2}$/, "");
  const unusedBits = [0, 0, 4, 2][bare.length % 4] ?? 0;
  if (unusedBits === 0) return bare;
  const last = BASE64_ALPHABET.indexOf(bare.slice(-1));
  return bare.slice(0, -1) + BASE64_ALPHABET.charAt((last >>> unusedBits) << unusedBits);
}
