import { createHmac, hash } from "node:crypto";
import { getBuiltinModule } from "node:process";
import type { Http, HttpReply, HttpRequest } from "@stowage/client";
import type { AdminClientOptions } from "@stowage/client/admin";

/** Answers of the administration door are small. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** The server cannot be reached. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** One connection a request: a command makes few. */
export const nodeHttp: Http = {
  send: ({ method, url, headers, body }: HttpRequest): Promise<HttpReply> =>
    new Promise((resolve, reject) => {
      // Not imported: `node:http` would bring all of `fetch` along, into every command.
      const { request: send } = getBuiltinModule(url.startsWith("https:") ? "node:https" : "node:http");
      const failed = (cause: Error): void => reject(new NoAnswer(`No answer from ${url}: ${reason(cause)}`, { cause }));
      const outgoing = send(url, { method, headers: { ...headers, "content-length": body.length }, agent: false });
      outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error(`nothing came within ${TIMEOUT_MS} ms`)));
      outgoing.on("error", failed);
      outgoing.on("response", (incoming) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MAX_REPLY_BYTES) incoming.destroy(new Error(`the answer is over ${MAX_REPLY_BYTES} bytes`));
          else chunks.push(chunk);
        });
        incoming.on("error", failed);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: headersOf(incoming.headers),
            body: Buffer.concat(chunks),
          }),
        );
      });
      outgoing.end(body);
    }),
};

export const nodeHasher: AdminClientOptions["hasher"] = {
  sha256: (data) => hash("sha256", data, "buffer"),
  hmacSha256: (key, data) => createHmac("sha256", key).update(data).digest(),
};

function headersOf(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** A failed connection to a name with several addresses has no message of its own. */
function reason(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : error.message;
}
