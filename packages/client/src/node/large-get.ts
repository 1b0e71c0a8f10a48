import { connect } from "node:net";
import type { StreamReply, StreamRequest } from "../oci/http-stream.ts";
import { HEAD_END, LargeAnswer } from "./large-answer.ts";

/**
 * Gets a large body on a connection of its own and without TLS. `node:http` copies what it receives, in pieces of 64 KiB:
 * that costs as much as everything else that a copy between registries does, hashing aside.
 * @returns undefined when the answer is anything but 200 or 206 with a length: it has to be asked for in the common way
 */
export async function getLarge({
  url,
  headers,
  signal,
  reusesMemory = false,
}: StreamRequest): Promise<StreamReply | undefined> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const lines = Object.entries({ host, ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}`);
  const head = [`GET ${pathname}${search} HTTP/1.1`, ...lines];
  if (head.some((line) => /[\r\n\0]/.test(line))) return undefined;
  signal?.throwIfAborted();
  const answer = new LargeAnswer(reusesMemory);
  const socket = connect({
    host: hostname.replaceAll(/[[\]]/g, ""),
    port: port === "" ? 80 : Number(port),
    onread: { buffer: () => answer.room(), callback: (count) => answer.received(count) },
  });
  const stop = (): void => void socket.destroy(signal?.reason as Error);
  signal?.addEventListener("abort", stop, { once: true });
  socket.on("error", (error) => answer.fail(error));
  socket.on("close", () => {
    signal?.removeEventListener("abort", stop);
    answer.fail(new Error("The connection ended early"));
  });
  socket.write(`${head.join("\r\n")}${HEAD_END}`, "latin1");
  const received = await answer.head();
  if (received === undefined) {
    socket.destroy();
    return undefined;
  }
  return { ...received, body: answer.body(socket), discard: () => void socket.destroy() };
}
