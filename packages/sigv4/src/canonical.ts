import type { QueryParameter } from "./encoding.ts";
import { canonicalPath, canonicalQuery } from "./encoding.ts";
import type { Hasher } from "./hasher.ts";
import { toHex } from "./hasher.ts";
import type { HeaderMap } from "./headers.ts";
import { signedHeaderValue } from "./headers.ts";
import type { CredentialScope } from "./signing-key.ts";

export const ALGORITHM = "AWS4-HMAC-SHA256";

const ASCII_ONLY = /^[\0-\x7f]*$/; // oxlint-disable-line no-control-regex -- a canonical request holds line feeds

/** What a signature covers. */
export interface SignedParts {
  readonly method: string;
  readonly path: string;
  readonly query: readonly QueryParameter[];
  readonly headers: HeaderMap;
  /** Names in lower case, sorted. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  readonly amzDate: string;
  readonly scope: CredentialScope;
}

/** The text whose HMAC under the derived key is the signature. Source: IAM User Guide, Create a signed request. */
export function stringToSign(parts: SignedParts, hasher: Hasher): string {
  const canonical = canonicalRequest(parts);
  const hash = hasher.sha256(ASCII_ONLY.test(canonical) ? canonical : wireBytes(canonical));
  return `${ALGORITHM}\n${parts.amzDate}\n${scopeText(parts.scope)}\n${toHex(hash)}`;
}

export function scopeText(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

function canonicalRequest(parts: SignedParts): string {
  const path = canonicalPath(parts.path, parts.scope.service);
  let text = `${parts.method}\n${path}\n${canonicalQuery(parts.query)}\n`;
  for (const name of parts.signedHeaders) text += `${name}:${signedHeaderValue(parts.headers, name)}\n`;
  return `${text}\n${parts.signedHeaders.join(";")}\n${parts.payloadHash}`;
}

/** Header values are bytes on the wire, and runtimes show each byte as one character; the signature covers the bytes. */
function wireBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
