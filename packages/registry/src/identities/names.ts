import type { RegistryId } from "@stowage/model";
import type { IdentityRow } from "../ports/identity-rows.ts";
import type { Ids } from "../ports/runtime.ts";

/** An identity by the name that it has among those of its kind in an account. */
export interface IdentityName {
  readonly account: RegistryId;
  readonly kind: IdentityRow["kind"];
  readonly name: string;
}

/** @param path begins and ends with a slash */
export function identityArn({ account, kind, name }: IdentityName, path = "/"): string {
  return `arn:aws:iam::${account}:${kind}${path}${name}`;
}

/** @param path begins and ends with a slash */
export function policyArn(account: RegistryId, name: string, path = "/"): string {
  return `arn:aws:iam::${account}:policy${path}${name}`;
}

const PREFIXES: Readonly<Record<IdentityRow["kind"], string>> = { user: "AIDA", group: "AGPA", role: "AROA" };
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const UNIQUE_ID_DIGITS = 17;

/** `AIDA`, `AGPA` or `AROA` and 17 characters that carry 85 random bits. */
export function newUniqueId(kind: IdentityRow["kind"], ids: Ids): string {
  // Without the two digits of a UUID that tell its version and variant.
  const random = ids
    .uuid()
    .replaceAll("-", "")
    .replace(/^(.{12}).(.{3}).(.{15})$/, "$1$2$3");
  let rest = BigInt(`0x${random}`);
  let id = PREFIXES[kind];
  for (let place = 0; place < UNIQUE_ID_DIGITS; place += 1) {
    id += DIGITS.charAt(Number(rest & 31n));
    rest >>= 5n;
  }
  return id;
}
