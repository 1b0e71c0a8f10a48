import { connect } from "node:net";
import type { Socket } from "node:net";

export interface RawReply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** A TCP client that says exactly what a test tells it to say. */
export class RawClient {
  readonly socket: Socket;
  /** Bytes received that no reply has used yet. */
  private received = Buffer.alloc(0);
  private isClosed = false;
  private wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.wake?.();
    });
    socket.on("close", () => {
      this.isClosed = true;
      this.wake?.();
    });
    // A reset is what some tests provoke; it shows as the end of the bytes.
    socket.on("error", () => this.wake?.());
  }

  /** @param staysOpen goes on sending when the server has ended its side */
  static async open(port: number, staysOpen = false): Promise<RawClient> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: staysOpen });
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return client;
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** Reads one reply, interim ones included. */
  async reply(method = "GET"): Promise<RawReply> {
    const head = await this.until("\r\n\r\n");
    const [statusLine = "", ...lines] = head.toString("latin1").split("\r\n");
    const headers = new Map<string, string>();
    for (const line of lines.filter((text) => text !== "")) {
      const colonAt = line.indexOf(":");
      headers.set(line.slice(0, colonAt).toLowerCase(), line.slice(colonAt + 1).trim());
    }
    const status = Number(statusLine.split(" ")[1]);
    const isBare = method === "HEAD" || status < 200 || status === 204 || status === 304;
    return { status, headers, body: isBare ? Buffer.alloc(0) : await this.body(headers) };
  }

  /** Everything until the server ends the connection. */
  async rest(): Promise<Buffer> {
    while (!this.isClosed) await this.more();
    return this.take(this.received.length);
  }

  private async body(headers: ReadonlyMap<string, string>): Promise<Buffer> {
    const length = headers.get("content-length");
    if (length !== undefined) return this.exactly(Number(length));
    if (headers.get("transfer-encoding") !== "chunked") return this.rest();
    const parts: Buffer[] = [];
    for (;;) {
      const size = Number.parseInt((await this.until("\r\n")).toString(), 16);
      const part = await this.exactly(size);
      await this.until("\r\n");
      if (size === 0) return Buffer.concat(parts);
      parts.push(part);
    }
  }

  private async exactly(length: number): Promise<Buffer> {
    while (this.received.length < length) await this.more();
    return this.take(length);
  }

  private async until(mark: string): Promise<Buffer> {
    while (!this.received.includes(mark)) await this.more();
    return this.take(this.received.indexOf(mark) + mark.length);
  }

  private take(length: number): Buffer {
    const taken = this.received.subarray(0, length);
    this.received = this.received.subarray(length);
    return taken;
  }

  private async more(): Promise<void> {
    if (this.isClosed) {
      const tail = this.received.subarray(0, 200).toString("latin1");
      throw new Error(`connection closed with ${this.received.length} bytes received: ${JSON.stringify(tail)}`);
    }
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }
}
