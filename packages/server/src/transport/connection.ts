import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { Exchange } from "./exchange.ts";
import type { ExchangeContext, RuntimePair } from "./exchange.ts";
import type { Peer } from "./types.ts";

/** One client's connection: its requests are answered one after another, in the order in which they came. */
export class Connection {
  readonly peer: Peer;
  private readonly socket: Socket;
  private readonly context: ExchangeContext;
  private readonly track: (work: Promise<void>) => void;
  private current: Exchange | undefined;
  private readonly waiting: RuntimePair[] = [];
  private refusedAtByte: number | undefined;

  /** @param track is handed the work of each exchange, which may outlive its connection */
  constructor(socket: Socket, context: ExchangeContext, track: (work: Promise<void>) => void) {
    this.socket = socket;
    this.context = context;
    this.track = track;
    this.peer = {
      address: socket.remoteAddress ?? "",
      port: socket.remotePort ?? 0,
      secure: "encrypted" in socket,
    };
  }

  get isIdle(): boolean {
    return this.current === undefined;
  }

  accept(pair: RuntimePair): void {
    if (this.current === undefined) this.start(pair);
    else if (this.waiting.length < this.context.limits.pipelined) this.waiting.push(pair);
    else this.socket.destroy();
  }

  /** Answers bytes that are no request, where an answer cannot be taken for that to another request. */
  refuse(status: number): void {
    const { socket, current, context } = this;
    if (this.refusedAtByte !== undefined) {
      // The client goes on sending; what it sends is dropped within the limit, so that it gets to read the answer.
      if (socket.bytesRead - this.refusedAtByte > context.limits.drainBytes) socket.destroy();
      return;
    }
    this.refusedAtByte = socket.bytesRead;
    if (current?.isReceived === true) {
      // The bytes came behind a whole request, whose reply is still owed.
      current.endsConnection = true;
      return;
    }
    if (current?.hasBegunReply === true || !socket.writable) {
      socket.destroy();
      return;
    }
    const id = current?.id ?? randomUUID();
    this.writeRefusal(status, id);
    if (current === undefined) this.reportRefusal(status, id);
    else current.statusWrittenAround = status;
    const cancel = context.clock.after(context.limits.drainTimeoutMs, () => socket.destroy());
    socket.once("close", cancel);
  }

  private writeRefusal(status: number, id: string): void {
    const reason = STATUS_CODES[status] ?? "";
    const body = JSON.stringify({ message: reason });
    this.socket.end(
      `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
        `x-amzn-RequestId: ${id}\r\nConnection: close\r\n\r\n${body}`,
    );
  }

  private reportRefusal(status: number, id: string): void {
    this.context.hooks.onDone?.({
      id,
      method: "-",
      target: "-",
      status,
      aborted: false,
      bytesIn: 0,
      bytesOut: 0,
      durationMs: 0,
      peer: this.peer,
      userAgent: undefined,
    });
  }

  private start(pair: RuntimePair): void {
    const exchange = new Exchange(this.context, this.peer, pair);
    this.current = exchange;
    this.track(exchange.run(() => this.onClosed(exchange)));
  }

  private onClosed(exchange: Exchange): void {
    this.current = undefined;
    if (exchange.endsConnection || this.context.isDraining) {
      this.socket.destroySoon();
      this.dropWaiting();
    } else if (this.socket.destroyed) {
      this.dropWaiting();
    } else {
      const next = this.waiting.shift();
      if (next !== undefined) this.start(next);
    }
  }

  private dropWaiting(): void {
    for (const pair of this.waiting.splice(0)) new Exchange(this.context, this.peer, pair).abandon();
  }
}
