const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
/** What no XML 1.0 document may hold, in any spelling. */
const FORBIDDEN =
  // oxlint-disable-next-line no-control-regex -- these are the characters to find
  /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** One element with text; characters that XML cannot carry become U+FFFD. */
export function xmlElement(name: string, text: string): string {
  const safe = text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
  return `<${name}>${safe}</${name}>`;
}
