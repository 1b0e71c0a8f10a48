/**
 * The values of a query parameter, in order. A plus sign stands for itself: media types hold it, and no value of this protocol
 * holds a space. What is no percent-encoding is taken as it stands, and then fails the grammar of its parameter.
 */
export function queryValues(query: string, name: string): readonly string[] {
  const values: string[] = [];
  let from = 0;
  while (from < query.length) {
    const ampersand = query.indexOf("&", from);
    const to = ampersand < 0 ? query.length : ampersand;
    if (query.startsWith(name, from)) {
      const after = from + name.length;
      if (query.charAt(after) === "=" && after < to) values.push(decode(query.slice(after + 1, to)));
      else if (after === to) values.push("");
    }
    from = to + 1;
  }
  return values;
}

/** The first value of a query parameter, if any. */
export function queryValue(query: string, name: string): string | undefined {
  return query === "" ? undefined : queryValues(query, name)[0];
}

function decode(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    // Kept as sent, so that the parameter's own parser refuses it with its own code.
    return value;
  }
}
