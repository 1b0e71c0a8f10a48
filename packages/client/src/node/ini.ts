/** Sections of a shared file by name; settings by lower-case name, nested ones as `outer.inner`. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

const SECTION = /^\[\s*([^\]]+?)\s*\]/;
const SETTING = /^(\s*)([^\s=#;[][^=]*?)\s*=\s*(.*?)\s*$/;
const COMMENT = /(?:^|\s+)[#;].*$/;

/**
 * Reads `~/.aws/config` or `~/.aws/credentials`. Lines of no known form are passed over; of settings given twice the
 * last counts.
 * Source: AWS SDKs and Tools reference, shared config and credentials files.
 */
export function parseIni(text: string): Ini {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let outer: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const header = SECTION.exec(line)?.[1];
    if (header !== undefined) {
      const name = header.replace(/\s+/g, " ");
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      outer = undefined;
      continue;
    }
    const [, indent = "", written = "", value = ""] = SETTING.exec(line) ?? [];
    if (written === "") continue;
    const name = written.toLowerCase();
    const text = value.replace(COMMENT, "");
    if (indent === "") outer = text === "" ? name : undefined;
    section?.set(indent !== "" && outer !== undefined ? `${outer}.${name}` : name, text);
  }
  return sections;
}
