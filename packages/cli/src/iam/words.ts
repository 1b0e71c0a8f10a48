import type { IdentityTag, PolicyFinding } from "@stowage/model";
import { UsageError } from "../exit-codes.ts";
import type { Io } from "../io.ts";

/** `KEY=VALUE`, as often as the option is given. @throws UsageError */
export function tagsOf(texts: readonly string[]): IdentityTag[] {
  return texts.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw new UsageError(`--tag is KEY=VALUE, not ${text}.`);
    return { key: text.slice(0, at), value: text.slice(at + 1) };
  });
}

/** @throws UsageError */
export function secondsOf(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new UsageError(`--max-session is a number of seconds, not ${text}.`);
  return Number(text);
}

export function tagsText(tags: readonly IdentityTag[]): string | undefined {
  return listText(tags.map(({ key, value }) => `${key}=${value}`));
}

export function listText(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : items.join(", ");
}

/** Tells advice on a document beside the answer. */
export function printFindings(io: Io, findings: readonly PolicyFinding[]): void {
  for (const { severity, path, line, column, message } of findings) {
    const place = path === "" ? "the document" : path;
    io.stderr.write(`${severity}: ${place} (line ${line}, column ${column}): ${message}\n`);
  }
}
