/** One way to authenticate that an answer of 401 offers. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const MAX_HEADER_LENGTH = 8192;
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const SPACE = /[ \t]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const BARE = /[^\s,"]+/y;

/** Reads WWW-Authenticate, several joined by commas too; what is no challenge is left out. Source: RFC 9110, 11.6.1. */
export function parseChallenges(header: string): readonly Challenge[] {
  if (header.length > MAX_HEADER_LENGTH) return [];
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match;
  };
  while (at < header.length) {
    take(SPACE);
    const name = take(TOKEN)?.[0].toLowerCase();
    if (name === undefined) {
      at += 1;
      continue;
    }
    take(SPACE);
    const open = challenges.at(-1);
    if (header[at] !== "=" || open === undefined) {
      challenges.push({ scheme: name, parameters: {} });
      continue;
    }
    at += 1;
    take(SPACE);
    const quoted = take(QUOTED)?.[1]?.replaceAll(/\\(.)/g, "$1");
    open.parameters[name] = quoted ?? take(BARE)?.[0] ?? "";
  }
  return challenges;
}
