import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Caller, Service } from "./service.ts";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface RawOptions {
  /** Laid over the usual ones before signing; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly caller?: Caller;
  /** Sends the request without a signature. */
  readonly unsigned?: boolean;
  readonly signingDate?: Date;
  readonly signingService?: string;
  /** Changes what was signed. */
  readonly tamper?: (sent: { headers: Record<string, string>; body: Uint8Array }) => void;
}

export const TARGET = "AmazonEC2ContainerRegistry_V20150921.";

/** Sends a body as it is to one operation, signed as an SDK would. */
export async function post(
  service: Service,
  operation: string,
  body: string | Uint8Array,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { headers: given = {}, caller = service.caller, unsigned = false, tamper } = options;
  const bytes = typeof body === "string" ? new Uint8Array(Buffer.from(body)) : body;
  const usual = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `${TARGET}${operation}` };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...usual, ...given })) if (value !== undefined) headers[name] = value;
  const signed = unsigned ? headers : await sign(service.endpoint, { ...options, caller, headers }, bytes);
  const sent = { headers: signed, body: bytes };
  tamper?.(sent);
  const { host: _, ...sendable } = sent.headers;
  const response = await fetch(`${service.endpoint}/`, {
    method: "POST",
    headers: sendable,
    body: Buffer.from(sent.body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

/** Sends a value as JSON. */
export function call(
  service: Service,
  operation: string,
  input: unknown,
  options: RawOptions = {},
): Promise<RawAnswer> {
  return post(service, operation, JSON.stringify(input), options);
}

/** Name, text and status of an answer, for comparing. */
export async function refused(
  answer: Promise<RawAnswer>,
): Promise<{ status: number; name: unknown; message: unknown }> {
  const { status, json } = await answer;
  return { status, name: json["__type"], message: json["message"] };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

interface Signing extends RawOptions {
  readonly caller: Caller;
  readonly headers: Record<string, string>;
}

async function sign(endpoint: string, options: Signing, body: Uint8Array): Promise<Record<string, string>> {
  const { caller, headers, signingDate, signingService = "ecr" } = options;
  const { hostname, port, protocol, host } = new URL(endpoint);
  const { region } = caller;
  const signer = new SignatureV4({ service: signingService, region, credentials: caller, sha256: Sha256 });
  const request = {
    method: "POST",
    protocol,
    hostname,
    port: Number(port),
    path: "/",
    query: {},
    headers: { ...headers, host },
    body,
  };
  const signed = await signer.sign(request, signingDate === undefined ? {} : { signingDate });
  return signed.headers as Record<string, string>;
}

class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }

  reset(): void {
    throw new Error("a hash is used once");
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array | string {
  if (typeof data === "string") return data;
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
