/** JSON-RPC 2.0 as the Model Context Protocol narrows it: ids are texts or numbers, params are objects. */
export type RequestId = string | number;

export type Params = Readonly<Record<string, unknown>>;

export type Incoming =
  | { readonly kind: "request"; readonly id: RequestId; readonly method: string; readonly params: Params }
  | { readonly kind: "notification"; readonly method: string; readonly params: Params }
  /** An answer, to which there is nothing to say: this server asks nothing. */
  | { readonly kind: "response" }
  | { readonly kind: "invalid"; readonly id: RequestId | null; readonly reason: string };

export interface ErrorReply {
  readonly jsonrpc: "2.0";
  readonly id: RequestId | null;
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export type Reply = { readonly jsonrpc: "2.0"; readonly id: RequestId; readonly result: object } | ErrorReply;

/** Codes of JSON-RPC 2.0, and the one of MCP 2026-07-28 that this server needs. */
export const errorCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  unsupportedProtocolVersion: -32022,
} as const;

/** Answered as an error of the protocol. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export function readMessage(json: unknown): Incoming {
  if (!isObject(json)) return { kind: "invalid", id: null, reason: "A message is a JSON object" };
  const { jsonrpc, id, method, params = {} } = json;
  const knownId = isRequestId(id) ? id : null;
  const invalid = (reason: string): Incoming => ({ kind: "invalid", id: knownId, reason });
  if (jsonrpc !== "2.0") return invalid('jsonrpc must be "2.0"');
  if (method === undefined && ("result" in json || "error" in json)) return { kind: "response" };
  if (typeof method !== "string") return invalid("method must be a string");
  if (!isObject(params)) return invalid("params must be an object");
  if (!("id" in json)) return { kind: "notification", method, params };
  if (knownId === null) return invalid("id must be a string or a number");
  return { kind: "request", id: knownId, method, params };
}

export function errorReply(id: RequestId | null, { code, message, data }: RpcError): ErrorReply {
  return { jsonrpc: "2.0", id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}

export function isObject(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}
