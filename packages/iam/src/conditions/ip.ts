/** An address range: the first `prefixBits` of the words must be equal. */
export interface IpRange {
  readonly family: 4 | 6;
  /** Two words of 16 bits for IPv4, eight for IPv6. */
  readonly words: readonly number[];
  readonly prefixBits: number;
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,2})$/;
const HEX = /^[0-9a-fA-F]{1,4}$/;
const WORD_BITS = 16;
/** The longest text of an IPv6 address that ends in an IPv4 one. */
const MAX_IP_CHARS = 45;

/** An address or a range in CIDR form; without a prefix it is the one address. */
export function parseIpRange(text: string): IpRange | undefined {
  const [address = "", prefix, ...others] = text.split("/", 3);
  const words = parseIp(address);
  if (words === undefined || others.length > 0) return undefined;
  const maxBits = words.length * WORD_BITS;
  if (prefix === undefined) return unmapped({ family: familyOf(words), words, prefixBits: maxBits });
  const prefixBits = DECIMAL.test(prefix) ? Number(prefix) : maxBits + 1;
  return prefixBits > maxBits ? undefined : unmapped({ family: familyOf(words), words, prefixBits });
}

/** A single address, as a request has it. */
export function parseIpAddress(text: string): IpRange | undefined {
  return text.includes("/") ? undefined : parseIpRange(text);
}

/** Whether the range holds a single address. */
export function inIpRange(range: IpRange, address: IpRange): boolean {
  if (range.family !== address.family) return false;
  for (let word = 0; word * WORD_BITS < range.prefixBits; word += 1) {
    const unusedBits = Math.max(0, (word + 1) * WORD_BITS - range.prefixBits);
    if ((range.words[word] ?? 0) >>> unusedBits !== (address.words[word] ?? 0) >>> unusedBits) return false;
  }
  return true;
}

/** Dual-stack sockets show IPv4 peers as ::ffff:a.b.c.d: the same address, so the same range. */
function unmapped(range: IpRange): IpRange {
  const isMapped =
    range.family === 6 && range.prefixBits >= 96 && range.words[5] === 0xffff && range.words.slice(0, 5).every(isZero);
  return isMapped ? { family: 4, words: range.words.slice(6), prefixBits: range.prefixBits - 96 } : range;
}

function isZero(word: number): boolean {
  return word === 0;
}

function familyOf(words: readonly number[]): 4 | 6 {
  return words.length === 2 ? 4 : 6;
}

function parseIp(text: string): number[] | undefined {
  if (text.length > MAX_IP_CHARS) return undefined;
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split(".");
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
  if (parts.length !== 4 || !parts.every((part) => DECIMAL.test(part) && Number(part) < 256)) return undefined;
  return [(a << 8) | b, (c << 8) | d];
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (left === undefined) return undefined;
  if (halves.length === 1) return left.length === 8 ? left : undefined;
  // "::" stands for at least one group.
  if (right === undefined || left.length + right.length > 7) return undefined;
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  const last = groups.at(-1) ?? "";
  const ipv4 = mayEndInIpv4 && last.includes(".") ? parseIpv4(last) : undefined;
  const hex = ipv4 === undefined ? groups : groups.slice(0, -1);
  if (!hex.every((group) => HEX.test(group))) return undefined;
  return [...hex.map((group) => Number.parseInt(group, 16)), ...(ipv4 ?? [])];
}
