const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Writes a time as SigV4 does, `20150830T123600Z`. */
export function formatTimestamp(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Reads `20150830T123600Z` into epoch milliseconds; undefined for any other form and for days that do not exist. */
export function parseTimestamp(text: string): number | undefined {
  if (!BASIC.test(text)) return undefined;
  const timeMs = Date.parse(text.replace(BASIC, "$1-$2-$3T$4:$5:$6Z"));
  return !Number.isNaN(timeMs) && formatTimestamp(timeMs) === text ? timeMs : undefined;
}

/**
 * Reads the time of a request, from `x-amz-date` or `date`, in the basic form or as an HTTP date.
 * @returns the basic form that goes into the string to sign
 */
export function readTimestamp(text: string): string | undefined {
  if (parseTimestamp(text) !== undefined) return text;
  if (!HTTP_DATE.test(text)) return undefined;
  const timeMs = Date.parse(text);
  // Date.parse carries 31 February over into March; only a date that prints as it was written is one.
  return !Number.isNaN(timeMs) && new Date(timeMs).toUTCString() === text ? formatTimestamp(timeMs) : undefined;
}
