import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that gives every request the same answer and keeps what came. */
export interface Recorder {
  readonly endpoint: string;
  /** What the next requests are answered. */
  answer: Answer;
  /** Takes out what came since it was last asked. */
  take(): RecordedRequest[];
  close(): Promise<void>;
}

export async function openRecorder(): Promise<Recorder> {
  let came: RecordedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url: target = "", headers } = incoming;
      came.push({ method, target, headers, body: Buffer.concat(chunks) });
      const { status, headers: given, body } = recorder.answer;
      outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.1", ...given }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const recorder: Recorder = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: { status: 200, body: "{}" },
    take: () => {
      const taken = came;
      came = [];
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return recorder;
}
