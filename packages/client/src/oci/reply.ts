import { joined } from "../http.ts";
import { InvalidContentError, OciError } from "./failures.ts";
import type { StreamReply } from "./http-stream.ts";
import type { OciPlatform } from "./platform.ts";

/** Lists and tokens. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_MESSAGE_LENGTH = 2000;

const decoder = /* @__PURE__ */ new TextDecoder();

type Received = Pick<StreamReply, "status" | "headers" | "body" | "discard">;

/** @throws InvalidContentError there are more bytes than the limit */
export async function bytesOf(reply: Pick<Received, "body">, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of reply.body) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new InvalidContentError(`The answer is over ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return joined(chunks, bytes);
}

/** @throws InvalidContentError the answer is no JSON */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new InvalidContentError("The answer is not valid JSON", { cause });
  }
}

/** What a refusal says; for those without a body, as of HEAD, the status alone. */
export async function errorOf(reply: Received, what: string): Promise<OciError> {
  const { status } = reply;
  const [told] = await errorsOf(reply);
  const code = typeof told?.["code"] === "string" ? told["code"] : "";
  const message = typeof told?.["message"] === "string" ? told["message"] : "";
  const reason = [code, message].filter((text) => text !== "").join(": ") || `status ${status}`;
  return new OciError(`${what}: ${reason.slice(0, MAX_MESSAGE_LENGTH)}`, { status, code, detail: told?.["detail"] });
}

async function errorsOf(reply: Received): Promise<readonly Readonly<Record<string, unknown>>[]> {
  try {
    const json: unknown = JSON.parse(decoder.decode(await bytesOf(reply, MAX_ERROR_BYTES)));
    const { errors } = (json ?? {}) as { readonly errors?: unknown };
    return Array.isArray(errors) ? errors.filter((entry) => typeof entry === "object" && entry !== null) : [];
  } catch {
    // The status tells enough.
    return [];
  }
}

export function headersOf(platform: OciPlatform, headers: Readonly<Record<string, string>>): Record<string, string> {
  const { userAgent } = platform;
  return userAgent === undefined ? { ...headers } : { "user-agent": userAgent, ...headers };
}
