import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerOptions } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Server as SecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { BufferPool } from "./buffer-pool.ts";
import { Certificate } from "./certificate.ts";
import type { SecureOptions, TlsFiles } from "./certificate.ts";
import { systemClock } from "./clock.ts";
import type { Cancel, TransportClock } from "./clock.ts";
import { Connection } from "./connection.ts";
import type { ExchangeContext, RuntimePair } from "./exchange.ts";
import type { TransportHooks } from "./hooks.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { TransportLimits } from "./limits.ts";
import type { Handler } from "./types.ts";

export interface ListenOptions {
  /** An address or a name to bind to. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly handler: Handler;
  readonly tls?: TlsFiles;
  readonly limits?: Partial<TransportLimits>;
  readonly clock?: TransportClock;
  readonly hooks?: TransportHooks;
}

/** A server that accepts connections. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Looks at the certificate files now; does nothing without TLS. The outcome goes to `onCertificate`. */
  reloadCertificate(): Promise<void>;
  /**
   * Stops accepting, closes idle connections, and waits up to `graceMs` for requests in flight, whose replies end their
   * connections; then cuts what is left. Calls after the first wait for the same end.
   */
  close(graceMs: number): Promise<void>;
}

const REFUSED_STATUS = new Map([
  ["HPE_HEADER_OVERFLOW", 431],
  ["HPE_CHUNK_EXTENSIONS_OVERFLOW", 413],
  ["HPE_INVALID_VERSION", 505],
  ["ERR_HTTP_REQUEST_TIMEOUT", 408],
]);

function runtimeOptions(limits: TransportLimits): ServerOptions {
  return {
    // The parser refuses a message that reaches its maximum; ours may still be reached.
    maxHeaderSize: limits.headerBytes + 1,
    headersTimeout: limits.headersTimeoutMs,
    // A long upload is no fault. Bodies have an idle timeout of their own.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.max(10, Math.min(5_000, Math.floor(limits.headersTimeoutMs / 4))),
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    insecureHTTPParser: false,
    // Checked with the other rules on heads, so that the answer has our form and is logged.
    requireHostHeader: false,
    optimizeEmptyRequests: true,
    noDelay: true,
  };
}

/** The connections and the running work of one server. */
class Connections {
  private readonly server: Server | SecureServer;
  private readonly context: ExchangeContext;
  private readonly open = new Map<Socket, Connection>();
  /** TCP connections below TLS ones; some never get through their handshake. */
  private readonly raw = new Set<Socket>();
  private readonly work = new Set<Promise<void>>();

  constructor(server: Server | SecureServer, context: ExchangeContext, isSecure: boolean) {
    this.server = server;
    this.context = context;
    // The runtime drops headers beyond its count silently; ours is checked and answered.
    server.maxHeadersCount = 0;
    server.maxConnections = context.limits.connections;
    server.on(isSecure ? "secureConnection" : "connection", (socket: Socket) => this.connectionOf(socket));
    if (isSecure) {
      server.on("connection", (socket: Socket) => {
        this.raw.add(socket);
        socket.once("close", () => this.raw.delete(socket));
      });
    }
    server.on("request", (incoming, response) => this.accept({ incoming, response, expects: "nothing" }));
    server.on("checkContinue", (incoming, response) => this.accept({ incoming, response, expects: "continue" }));
    server.on("checkExpectation", (incoming, response) => this.accept({ incoming, response, expects: "unknown" }));
    server.on("connect", (_incoming: IncomingMessage, socket: Socket) => this.onConnect(socket));
    server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => this.onClientError(error, socket));
  }

  async drain(graceMs: number): Promise<void> {
    const { context, server } = this;
    context.isDraining = true;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const [socket, connection] of this.open) if (connection.isIdle) socket.destroy();
    let cancel: Cancel | undefined;
    const graceOver = new Promise<void>((resolve) => {
      cancel = context.clock.after(graceMs, () => {
        for (const socket of [...this.open.keys(), ...this.raw]) socket.destroy();
        resolve();
      });
    });
    await closed;
    // A handler whose client is gone may still be writing; one that hangs must not keep the process.
    await Promise.race([Promise.all(this.work), graceOver]);
    cancel?.();
  }

  private accept(pair: RuntimePair): void {
    this.connectionOf(pair.incoming.socket).accept(pair);
  }

  private connectionOf(socket: Socket): Connection {
    const known = this.open.get(socket);
    if (known !== undefined) return known;
    const connection = new Connection(socket, this.context, (work) => {
      this.work.add(work);
      void work.then(() => this.work.delete(work));
    });
    this.open.set(socket, connection);
    socket.once("close", () => this.open.delete(socket));
    if (this.context.isDraining) socket.destroy();
    return connection;
  }

  private onConnect(socket: Socket): void {
    // The runtime has taken its own listeners off, and an error without one would end the process.
    socket.on("error", () => socket.destroy());
    const connection = this.connectionOf(socket);
    if (connection.isIdle) {
      connection.refuse(405);
      socket.destroySoon();
    } else {
      socket.destroy();
    }
  }

  private onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
    const code = error.code ?? "";
    const isParsing = code.startsWith("HPE_") && code !== "HPE_INVALID_EOF_STATE";
    const status = REFUSED_STATUS.get(code) ?? (isParsing ? 400 : undefined);
    if (status === undefined || socket.destroyed) socket.destroy();
    else this.connectionOf(socket).refuse(status);
  }
}

/** Looks at the certificate files on a clock, and on demand. */
class CertificateWatch {
  private readonly certificate: Certificate;
  private readonly apply: (options: SecureOptions) => void;
  private readonly context: ExchangeContext;
  private cancel: Cancel | undefined;

  constructor(certificate: Certificate, context: ExchangeContext, apply: (options: SecureOptions) => void) {
    this.certificate = certificate;
    this.context = context;
    this.apply = apply;
    this.schedule();
  }

  async reload(): Promise<void> {
    const { hooks } = this.context;
    try {
      const options = await this.certificate.load();
      if (options === undefined) return;
      this.apply(options);
      hooks.onCertificate?.(undefined);
    } catch (error) {
      hooks.onCertificate?.(error);
    }
  }

  stop(): void {
    this.cancel?.();
  }

  private schedule(): void {
    this.cancel = this.context.clock.after(this.context.limits.certificatePollMs, () => {
      void this.reload().then(() => {
        if (!this.context.isDraining) this.schedule();
      });
    });
  }
}

function bind(server: Server | SecureServer, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      const bound = server.address();
      if (bound === null || typeof bound === "string") reject(new Error("the server is bound to no TCP port"));
      else resolve(bound);
    });
  });
}

/**
 * Serves HTTP/1.1 (and the 1.0 of old proxies) on one TCP port, over TLS when files are given.
 * @throws the system's error when the port cannot be bound, or OpenSSL's for files that make no certificate
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const limits: TransportLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const context: ExchangeContext = {
    handler: options.handler,
    limits,
    clock: options.clock ?? systemClock,
    hooks: options.hooks ?? {},
    pool: new BufferPool(limits.fileBuffers),
    isDraining: false,
  };
  const { server, watch } =
    options.tls === undefined
      ? { server: createServer(runtimeOptions(limits)), watch: undefined }
      : await secure(options.tls, context);
  const connections = new Connections(server, context, watch !== undefined);
  const bound = await bind(server, options.host, options.port).catch((error: unknown) => {
    watch?.stop();
    throw error;
  });
  let closing: Promise<void> | undefined;
  return {
    address: bound.address,
    port: bound.port,
    reloadCertificate: async () => watch?.reload(),
    close: (graceMs) => {
      watch?.stop();
      closing ??= connections.drain(graceMs);
      return closing;
    },
  };
}

async function secure(
  files: TlsFiles,
  context: ExchangeContext,
): Promise<{ server: SecureServer; watch: CertificateWatch }> {
  const certificate = new Certificate(files);
  const first = await certificate.load();
  const server = createSecureServer({
    ...runtimeOptions(context.limits),
    ...first,
    handshakeTimeout: context.limits.tlsHandshakeTimeoutMs,
    ALPNProtocols: ["http/1.1"],
  });
  return { server, watch: new CertificateWatch(certificate, context, (next) => server.setSecureContext(next)) };
}
