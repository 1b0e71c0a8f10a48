import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BufferPool } from "./buffer-pool.ts";
import type { TransportClock } from "./clock.ts";
import { BodyTimeout, BodyTooLarge, ClientGone } from "./errors.ts";
import type { TransportHooks } from "./hooks.ts";
import type { TransportLimits } from "./limits.ts";
import { Outgoing } from "./outgoing.ts";
import { redactTarget } from "./redact.ts";
import { emptyBody, RequestBody } from "./request-body.ts";
import { readHead, Refusal } from "./request-head.ts";
import type { Head } from "./request-head.ts";
import type { Handler, HeaderMap, Peer, Reply, Request } from "./types.ts";
import { writeReply } from "./write-reply.ts";

/** What all exchanges of a listener share. */
export interface ExchangeContext {
  readonly handler: Handler;
  readonly limits: TransportLimits;
  readonly clock: TransportClock;
  readonly hooks: TransportHooks;
  readonly pool: BufferPool;
  /** The listener is closing: replies end their connections. */
  isDraining: boolean;
}

/** The runtime's pair, and whether the client waits for `100 Continue` or asked for something unknown. */
export interface RuntimePair {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly expects: "nothing" | "continue" | "unknown";
}

const CLIENT_CLOSED_REQUEST = 499;
const JSON_HEADERS: HeaderMap = { "content-type": "application/json" };

class IncomingRequest implements Request {
  readonly id: string;
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderMap;
  readonly contentLength: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  readonly peer: Peer;
  private readonly exchange: Exchange;

  constructor(exchange: Exchange, head: Head, method: string) {
    this.exchange = exchange;
    this.id = exchange.id;
    this.method = method;
    this.target = head.target;
    this.headers = head.headers;
    this.contentLength = head.contentLength;
    this.body = exchange.body ?? emptyBody;
    this.peer = exchange.peer;
  }

  get signal(): AbortSignal {
    return this.exchange.signal;
  }
}

function problem(status: number, message: string): Reply {
  return { status, headers: JSON_HEADERS, body: JSON.stringify({ message }) };
}

/** The reply for what a handler threw, when the transport knows the reason itself. */
function replyTo(error: unknown): Reply | undefined {
  if (error instanceof BodyTooLarge) return problem(413, error.message);
  if (error instanceof BodyTimeout) return problem(408, error.message);
  return undefined;
}

/** One request and its reply, from the parsed head to the last byte. */
export class Exchange {
  readonly id = randomUUID();
  readonly peer: Peer;
  body: RequestBody | undefined;
  /** The connection must not carry another request after this one. */
  endsConnection = false;
  /** Set when the connection was answered without this exchange's help, as its body could not be parsed. */
  statusWrittenAround: number | undefined;
  private readonly context: ExchangeContext;
  private readonly incoming: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly expects: RuntimePair["expects"];
  private readonly outgoing: Outgoing;
  private readonly startedAt: number;
  private head: Head | undefined;
  private controller: AbortController | undefined;
  private isAborted = false;
  private draining: Promise<boolean> | undefined;

  constructor(context: ExchangeContext, peer: Peer, pair: RuntimePair) {
    this.context = context;
    this.peer = peer;
    this.incoming = pair.incoming;
    this.response = pair.response;
    this.expects = pair.expects;
    this.outgoing = new Outgoing(pair.response, context.limits.writeIdleTimeoutMs);
    this.startedAt = context.clock.now();
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.isAborted) this.controller.abort(new ClientGone());
    }
    return this.controller.signal;
  }

  /** The whole request has been received. */
  get isReceived(): boolean {
    return this.body === undefined || this.body.isComplete;
  }

  get hasBegunReply(): boolean {
    return this.response.headersSent;
  }

  /** Reports a request whose connection ended before its turn came. */
  abandon(): void {
    this.isAborted = true;
    this.report();
  }

  /**
   * Runs the exchange; never rejects.
   * @param onClosed called when the reply is out or the connection gone, which may be before the handler is done
   */
  async run(onClosed: () => void): Promise<void> {
    this.response.on("close", () => {
      this.onClose();
      onClosed();
    });
    try {
      await this.send(await this.answer());
    } catch (error) {
      await this.recover(error);
    }
  }

  private answer(): Promise<Reply> | Reply {
    const head = readHead(this.incoming, this.context.limits);
    if (head instanceof Refusal) {
      this.endsConnection = true;
      const { headers } = this.incoming;
      if ((headers["content-length"] ?? headers["transfer-encoding"]) !== undefined) this.body = this.openBody();
      return problem(head.status, head.message);
    }
    this.head = head;
    if (head.contentLength !== 0) this.body = this.openBody();
    if (this.expects === "unknown") return problem(417, "the expectation is not known");
    return this.context.handler(new IncomingRequest(this, head, this.incoming.method ?? ""));
  }

  private openBody(): RequestBody {
    return new RequestBody(this.incoming, {
      clock: this.context.clock,
      limits: this.context.limits,
      onFirstRead: () => {
        if (this.expects !== "continue" || this.response.headersSent) return;
        this.response.writeContinue();
      },
    });
  }

  private send(reply: Reply): Promise<void> {
    return writeReply(
      {
        outgoing: this.outgoing,
        method: this.incoming.method ?? "",
        requestId: this.id,
        pool: this.context.pool,
        beforeHead: () => this.beforeHead(),
        finish: (last) => this.finish(last),
      },
      reply,
    );
  }

  private async recover(error: unknown): Promise<void> {
    const known = replyTo(error);
    const isExpected = known !== undefined || (this.isAborted && isAbort(error));
    if (!isExpected) this.context.hooks.onError?.(error, this.id);
    if (this.response.headersSent || this.outgoing.isClosed) {
      this.outgoing.destroy();
      return;
    }
    try {
      await this.send(known ?? { status: 500, headers: JSON_HEADERS, body: "{}" });
    } catch (second) {
      this.context.hooks.onError?.(second, this.id);
      this.outgoing.destroy();
    }
  }

  /** Decides what becomes of the connection, while the head can still say so. */
  private beforeHead(): void {
    const { body, context } = this;
    if (body !== undefined && !body.isComplete) {
      const left = (this.head?.contentLength ?? Number.POSITIVE_INFINITY) - body.bytesIn;
      // The runtime itself ends a connection whose client was not told to continue.
      if (left > context.limits.drainBytes) this.endsConnection = true;
    }
    if (this.endsConnection || context.isDraining) this.response.shouldKeepAlive = false;
  }

  /**
   * Ends the reply. What the handler left of the body is received and dropped within limits, for a connection closed over
   * unread bytes is reset, and the client would lose the reply.
   */
  private finish(last: string | Uint8Array | undefined): Promise<void> | undefined {
    const { body } = this;
    if (this.outgoing.isClosed) return undefined;
    if (body === undefined || body.isComplete) {
      this.outgoing.end(last);
      return undefined;
    }
    return this.finishUnread(body, last);
  }

  private async finishUnread(body: RequestBody, last: string | Uint8Array | undefined): Promise<void> {
    const keepsAlive = this.response.shouldKeepAlive;
    this.draining = body.drain();
    if (keepsAlive) this.outgoing.end(last);
    else this.outgoing.flush(last);
    const isWhole = await this.draining;
    if (!keepsAlive) this.outgoing.end();
    else if (!isWhole) this.incoming.socket.destroy();
  }

  private onClose(): void {
    this.outgoing.close();
    if (!this.response.writableFinished && !this.outgoing.isFlushed) {
      this.isAborted = true;
      this.controller?.abort(new ClientGone());
    }
    if (this.draining === undefined) this.report();
    else void this.draining.then(() => this.report());
  }

  private report(): void {
    const { onDone } = this.context.hooks;
    if (onDone === undefined) return;
    const { incoming, response } = this;
    onDone({
      id: this.id,
      method: incoming.method ?? "",
      target: redactTarget(this.head?.target ?? incoming.url ?? ""),
      status: this.statusWrittenAround ?? (response.headersSent ? response.statusCode : CLIENT_CLOSED_REQUEST),
      aborted: this.isAborted,
      bytesIn: this.body?.bytesIn ?? 0,
      bytesOut: this.outgoing.bytesOut,
      durationMs: this.context.clock.now() - this.startedAt,
      peer: this.peer,
      userAgent: this.head?.headers["user-agent"],
    });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof ClientGone || (error instanceof Error && error.name === "AbortError");
}
