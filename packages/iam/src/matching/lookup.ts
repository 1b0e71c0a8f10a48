/**
 * What a request says about a condition key. Asked only for keys that a policy names, each time it needs them.
 * @param key in lower case: `aws:sourceip`, `aws:resourcetag/owner`
 * @returns undefined when the request does not have the key; a list without values counts as absent
 */
export type ContextLookup = (key: string) => readonly string[] | undefined;

/** A lookup over keys known beforehand; their case does not matter. */
export function contextOf(
  entries: Iterable<readonly [key: string, values: string | readonly string[]]>,
): ContextLookup {
  const context = new Map<string, readonly string[]>();
  for (const [key, values] of entries) context.set(key.toLowerCase(), typeof values === "string" ? [values] : values);
  return (key) => context.get(key);
}
