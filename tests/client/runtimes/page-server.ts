import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface PageServer {
  readonly origin: string;
  /** Says what the page is to do; before it is opened. */
  give(exercise: string): void;
  /** What the page posted. */
  readonly outcome: Promise<string>;
  close(): void;
}

/** Serves one page with one module, and takes what it makes of the exercise. */
export async function openPageServer(module: string): Promise<PageServer> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let exercise = "";
  const server = createServer((incoming, outgoing) => {
    const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
      "/": ["text/html", '<!doctype html><title>exercise</title><script type="module" src="/module.js"></script>'],
      "/module.js": ["text/javascript", module],
      "/exercise.json": ["application/json", exercise],
    };
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      if (incoming.url === "/outcome") resolve(Buffer.concat(chunks).toString());
      const [type, text] = files[incoming.url ?? ""] ?? ["text/plain", ""];
      outgoing.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(text);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    give: (text) => {
      exercise = text;
    },
    outcome: promise,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
