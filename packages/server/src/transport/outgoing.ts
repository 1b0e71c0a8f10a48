import type { ServerResponse } from "node:http";
import type { HeaderMap } from "./types.ts";

/** The writing half of one exchange: head, chunks with back-pressure, and the news that the client left. */
export class Outgoing {
  bytesOut = 0;
  /** The connection ended, or the reply is out. */
  isClosed = false;
  /** All bytes of the reply are on their way. */
  isFlushed = false;
  readonly response: ServerResponse;
  private readonly writeIdleTimeoutMs: number;
  private stalled: (() => void) | undefined;

  constructor(response: ServerResponse, writeIdleTimeoutMs: number) {
    this.response = response;
    this.writeIdleTimeoutMs = writeIdleTimeoutMs;
  }

  /** Sends nothing yet: the head leaves with the first byte of the body. */
  head(status: number, headers: HeaderMap, requestId: string): void {
    const lines: string[] = [];
    for (const name in headers) lines.push(name, headers[name] ?? "");
    if (headers["x-amzn-requestid"] === undefined) lines.push("x-amzn-RequestId", requestId);
    this.response.writeHead(status, lines);
  }

  /** @returns once the connection takes more; false when it ended */
  async write(chunk: Uint8Array): Promise<boolean> {
    if (this.isClosed) return false;
    this.bytesOut += chunk.length;
    if (!this.response.write(chunk)) await this.untilRoom((resume) => this.response.once("drain", resume));
    return !this.isClosed;
  }

  /** As `write`, but returns when the connection is done with the chunk's memory. */
  async writeReused(chunk: Uint8Array): Promise<boolean> {
    if (this.isClosed) return false;
    this.bytesOut += chunk.length;
    await this.untilRoom((resume) => this.response.write(chunk, resume));
    return !this.isClosed;
  }

  /** Sends the head and the last bytes, and leaves the reply formally open. */
  flush(last: string | Uint8Array | undefined): void {
    this.isFlushed = true;
    if (last === undefined) this.response.flushHeaders();
    else {
      this.count(last);
      this.response.write(last);
    }
  }

  /** Ends the reply; a client that does not take what is left loses the connection after the idle time. */
  end(last?: string | Uint8Array): void {
    const { response } = this;
    if (last === undefined) response.end();
    else {
      this.count(last);
      response.end(last);
    }
    const { socket } = response;
    if (socket !== null && socket.writableLength > 0) socket.setTimeout(this.writeIdleTimeoutMs);
  }

  /** Ends the connection in the middle of the reply, so that the client cannot take it for whole. */
  destroy(): void {
    this.response.destroy();
  }

  /** To be called once the response has closed. */
  close(): void {
    this.isClosed = true;
    this.stalled?.();
  }

  private count(chunk: string | Uint8Array): void {
    this.bytesOut += typeof chunk === "string" ? Buffer.byteLength(chunk) : chunk.length;
  }

  // The socket's own timer is used because it sees progress inside one large write. Without a listener it destroys the socket.
  private async untilRoom(wait: (resume: () => void) => void): Promise<void> {
    const { socket } = this.response;
    socket?.setTimeout(this.writeIdleTimeoutMs);
    await new Promise<void>((resolve) => {
      this.stalled = resolve;
      wait(resolve);
    });
    this.stalled = undefined;
    socket?.setTimeout(0);
  }
}
