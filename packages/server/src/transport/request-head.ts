import type { IncomingMessage } from "node:http";
import type { TransportLimits } from "./limits.ts";
import type { HeaderMap } from "./types.ts";

/** What the first lines of a request say, checked. */
export interface Head {
  readonly target: string;
  readonly headers: HeaderMap;
  /** 0 without a body, undefined for a chunked one. */
  readonly contentLength: number | undefined;
}

/** A request that no handler shall see. */
export class Refusal {
  readonly status: number;
  readonly message: string;

  constructor(status: number, message: string) {
    this.status = status;
    this.message = message;
  }
}

// Two of these in one request mean that two readers may understand it differently.
const SINGLE = new Set([
  "authorization",
  "host",
  "content-length",
  "content-type",
  "content-range",
  "range",
  "transfer-encoding",
  "expect",
  "x-amz-target",
  "x-amz-date",
  "x-amz-content-sha256",
  "x-amz-security-token",
]);

// RFC 9112 section 3.2: a request with an invalid Host is answered 400. Realms and links are made from it, so the grammar is narrow.
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
const TARGET = /^\/[!"$-~]*$/;
const ABSOLUTE_TARGET = /^https?:\/\/([^/?#@]+)(|[/?].*)$/i;
const DIGITS = /^[0-9]{1,16}$/;

type MutableHeaders = Record<string, string>;

function readHeaders(raw: readonly string[]): MutableHeaders | Refusal {
  // Names come from outside: a prototype would answer for names like `constructor`.
  const headers: MutableHeaders = Object.create(null);
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    const value = raw[at + 1] ?? "";
    const earlier = headers[name];
    if (earlier === undefined) headers[name] = value;
    else if (SINGLE.has(name)) return new Refusal(400, `more than one ${name} header`);
    else headers[name] = `${earlier}${name === "cookie" ? "; " : ", "}${value}`;
  }
  return headers;
}

/** Turns the absolute form, which RFC 9112 section 3.2.2 makes servers accept, into the usual one. */
function originForm(target: string, headers: MutableHeaders): string {
  const [, authority, rest] = ABSOLUTE_TARGET.exec(target) ?? [];
  if (authority === undefined || rest === undefined) return target;
  headers["host"] = authority;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function readLength(headers: HeaderMap, isOld: boolean): number | undefined | Refusal {
  const length = headers["content-length"];
  const coding = headers["transfer-encoding"];
  if (coding !== undefined) {
    if (length !== undefined || isOld) return new Refusal(400, "ambiguous body length");
    return coding.toLowerCase() === "chunked"
      ? undefined
      : new Refusal(501, "only the transfer coding chunked is known");
  }
  if (length === undefined) return 0;
  const bytes = DIGITS.test(length) ? Number(length) : Number.NaN;
  return Number.isSafeInteger(bytes) ? bytes : new Refusal(400, "invalid content-length");
}

/** Checks everything about a request but its body. */
export function readHead(incoming: IncomingMessage, limits: TransportLimits): Head | Refusal {
  const raw = incoming.rawHeaders;
  if (raw.length / 2 > limits.headerCount) return new Refusal(431, `more than ${limits.headerCount} headers`);
  const wireTarget = incoming.url ?? "";
  if (wireTarget.length > limits.targetBytes) return new Refusal(414, `target longer than ${limits.targetBytes} bytes`);
  const headers = readHeaders(raw);
  if (headers instanceof Refusal) return headers;
  const isOld = incoming.httpVersion === "1.0";
  if (!isOld && incoming.httpVersion !== "1.1") return new Refusal(505, "only HTTP/1.1 is spoken here");
  const target = wireTarget.startsWith("/") ? wireTarget : originForm(wireTarget, headers);
  if (!TARGET.test(target) && !(target === "*" && incoming.method === "OPTIONS"))
    return new Refusal(400, "invalid target");
  const host = headers["host"];
  if (host === undefined ? !isOld : !HOST.test(host)) return new Refusal(400, "missing or invalid host");
  const contentLength = readLength(headers, isOld);
  if (contentLength instanceof Refusal) return contentLength;
  return { target, headers, contentLength };
}
