interface NativeDecoder {
  fromBase64?: (text: string) => Uint8Array;
}

interface NativeEncoder {
  toBase64?: () => string;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const INVALID = 0xff;
const VALUES = /* @__PURE__ */ valuesByCode();
const ASCII_SPACE = /[\t\n\f\r ]+/g;

function valuesByCode(): Uint8Array {
  const values = new Uint8Array(128).fill(INVALID);
  for (let value = 0; value < ALPHABET.length; value += 1) values[ALPHABET.charCodeAt(value)] = value;
  return values;
}

/** Decodes standard base64, with or without padding; undefined when the text is something else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const native = (Uint8Array as unknown as NativeDecoder).fromBase64;
  if (native === undefined) return decodeBase64Portably(text);
  try {
    return native.call(Uint8Array, text);
  } catch {
    return undefined;
  }
}

/** For runtimes without `Uint8Array.fromBase64`. */
export function decodeBase64Portably(spaced: string): Uint8Array | undefined {
  const text = spaced.replace(ASCII_SPACE, "");
  const padding = text.length % 4 === 0 ? (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0) : 0;
  const length = text.length - padding;
  if (length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let at = 0;
  let held = 0;
  let bits = 0;
  for (let index = 0; index < length; index += 1) {
    const value = VALUES[text.charCodeAt(index)] ?? INVALID;
    if (value === INVALID) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 0xff;
      at += 1;
    }
  }
  return bytes;
}

export function encodeBase64(bytes: Uint8Array): string {
  const native = (bytes as NativeEncoder).toBase64;
  return native === undefined ? encodeBase64Portably(bytes) : native.call(bytes);
}

/** For runtimes without `Uint8Array.prototype.toBase64`. */
export function encodeBase64Portably(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const second = bytes[at + 1];
    const third = bytes[at + 2];
    const word = ((bytes[at] ?? 0) << 16) | ((second ?? 0) << 8) | (third ?? 0);
    groups.push(
      ALPHABET.charAt(word >> 18) +
        ALPHABET.charAt((word >> 12) & 63) +
        (second === undefined ? "=" : ALPHABET.charAt((word >> 6) & 63)) +
        (third === undefined ? "=" : ALPHABET.charAt(word & 63)),
    );
  }
  return groups.join("");
}
