import { createHash, createHmac } from "node:crypto";
import { createRequire } from "node:module";

import { SignatureV4 } from "@smithy/signature-v4";

import type { Credentials } from "../src/index.ts";

/** One request for every signer under comparison; the query is given decoded, in order. */
export interface OracleRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly credentials: Credentials;
  readonly service: string;
  readonly region: string;
  readonly date: Date;
}

/** The same escaping as AWS asks for, written apart from the code under test. */
export function escapeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function targetOf({ path, query }: Pick<OracleRequest, "path" | "query">): string {
  if (query.length === 0) return path;
  return `${path}?${query.map(([name, value]) => `${escapeStrictly(name)}=${escapeStrictly(value)}`).join("&")}`;
}

type Secret = string | Uint8Array;

class NodeSha256 {
  readonly #secret: Secret | undefined;
  readonly #chunks: Uint8Array[] = [];
  constructor(secret?: unknown) {
    this.#secret = secret as Secret | undefined;
  }
  update(data: Uint8Array): void {
    this.#chunks.push(data);
  }
  digest(): Promise<Uint8Array> {
    const hash = this.#secret === undefined ? createHash("sha256") : createHmac("sha256", this.#secret);
    return Promise.resolve(hash.update(Buffer.concat(this.#chunks)).digest());
  }
  reset(): void {
    this.#chunks.length = 0;
  }
}

function smithySigner({ credentials, service, region }: OracleRequest, applyChecksum: boolean): SignatureV4 {
  return new SignatureV4({ credentials, service, region, sha256: NodeSha256, applyChecksum });
}

function smithyRequest({ method, path, query, headers, body }: OracleRequest) {
  const bag: Record<string, string | string[]> = {};
  for (const [name, value] of query) {
    const held = bag[name];
    if (held === undefined) bag[name] = value;
    else bag[name] = typeof held === "string" ? [held, value] : [...held, value];
  }
  return { method, path, query: bag, headers: { ...headers }, body, protocol: "http:", hostname: "unused" };
}

/** Headers that the signer of the JavaScript SDK sends. */
export async function signWithSmithy(request: OracleRequest, applyChecksum = false): Promise<Record<string, string>> {
  const signed = await smithySigner(request, applyChecksum).sign(smithyRequest(request), {
    signingDate: request.date,
  });
  return signed.headers;
}

/** The query that the presigner of the JavaScript SDK makes, as a target. */
export async function presignWithSmithy(request: OracleRequest, expiresIn: number): Promise<string> {
  const signed = await smithySigner(request, false).presign(smithyRequest(request), {
    signingDate: request.date,
    expiresIn,
  });
  const query = Object.entries(signed.query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? ""]).map((one) => [name, one] as const),
  );
  return targetOf({ path: request.path, query });
}

interface Aws4Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  service: string;
  region: string;
  signQuery: boolean;
}
interface Aws4 {
  sign(request: Aws4Request, credentials: Credentials): { path: string; headers: Record<string, string> };
}
const aws4 = createRequire(import.meta.url)("aws4") as Aws4; // it ships no types

function aws4Sign(request: OracleRequest, headers: Record<string, string>, query: OracleRequest["query"]) {
  const { method, path, body, service, region, credentials } = request;
  const signQuery = query.length > request.query.length;
  return aws4.sign({ method, path: targetOf({ path, query }), headers, body, service, region, signQuery }, credentials);
}

export function timestampOf(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Headers that aws4 sends. */
export function signWithAws4(request: OracleRequest): Record<string, string> {
  const signed = aws4Sign(request, { ...request.headers, "X-Amz-Date": timestampOf(request.date) }, request.query);
  // It counts the body into a number, which the wire turns into text.
  return Object.fromEntries(Object.entries(signed.headers).map(([name, value]) => [name, String(value)]));
}

/** The target that aws4 presigns. */
export function presignWithAws4(request: OracleRequest, expiresSeconds: number): string {
  const query = [
    ...request.query,
    ["X-Amz-Date", timestampOf(request.date)] as const,
    ["X-Amz-Expires", String(expiresSeconds)] as const,
  ];
  return aws4Sign(request, { ...request.headers }, query).path;
}
