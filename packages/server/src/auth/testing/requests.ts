import { randomUUID } from "node:crypto";
import type { RegistryId } from "@stowage/model";
import { signRequest, type Credentials } from "@stowage/sigv4";
import type { Reply, Request } from "../../transport/types.ts";
import { hasher } from "../hasher.ts";

export const ACCOUNT = "123456789012" as RegistryId;
export const OTHER_ACCOUNT = "210987654321" as RegistryId;
export const REGION = "eu-west-1";

/** A request as the transport hands it over. */
export function received(parts: Partial<Request> & { readonly secure?: boolean } = {}): Request {
  const { secure = false, ...given } = parts;
  return {
    id: randomUUID(),
    method: "GET",
    target: "/",
    contentLength: 0,
    body: noBody(),
    peer: { address: "192.0.2.7", port: 40_000, secure },
    signal: new AbortController().signal,
    ...given,
    headers: { host: "localhost:5100", ...given.headers },
  };
}

export interface SigningParts {
  readonly credentials: Credentials;
  readonly service: string;
  readonly date: Date;
  readonly region?: string;
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that was signed in its headers. */
export function signed(body: string, parts: SigningParts): Request {
  const { method = "POST", target = "/", region = REGION, headers = {}, ...rest } = parts;
  const sent = { host: "localhost:5100", "content-type": "application/x-amz-json-1.1", ...headers };
  const signature = signRequest({ method, target, region, headers: sent, body, hasher, ...rest });
  const bytes = new TextEncoder().encode(body);
  return received({
    method,
    target,
    headers: { ...sent, ...signature },
    contentLength: bytes.length,
    body: (async function* () {
      yield bytes;
    })(),
  });
}

// oxlint-disable-next-line require-yield -- a body without a byte
async function* noBody(): AsyncGenerator<Uint8Array> {}

/** The body of a reply that is text; empty for any other. */
export function textOf({ body }: Reply): string {
  return typeof body === "string" ? body : "";
}
