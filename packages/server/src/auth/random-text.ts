import { randomBytes, randomInt } from "node:crypto";

const ACCESS_KEY_ID_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SESSION_TOKEN_BYTES = 192;

/** `AKIA` for keys that do not expire, `ASIA` for those of sessions. */
export function newAccessKeyId(prefix: "AKIA" | "ASIA"): string {
  return prefix + randomText(ACCESS_KEY_ID_CHARS, 16);
}

export function newSecret(): string {
  return randomText(SECRET_CHARS, 40);
}

/** 256 characters that say nothing to whoever reads them. */
export function newSessionToken(): string {
  return randomBytes(SESSION_TOKEN_BYTES).toString("base64");
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}
