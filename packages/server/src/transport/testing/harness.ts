import { connect } from "node:net";
import type { AccessRecord, TransportHooks } from "../hooks.ts";
import { listen } from "../listen.ts";
import type { Listener, ListenOptions } from "../listen.ts";
import type { Handler } from "../types.ts";
import { RawClient } from "./raw-client.ts";

/** Values that arrive over time, taken in order. */
export class Mailbox<T> {
  private readonly values: T[] = [];
  private readonly takers: ((value: T) => void)[] = [];

  put(value: T): void {
    const taker = this.takers.shift();
    if (taker === undefined) this.values.push(value);
    else taker(value);
  }

  take(): Promise<T> {
    const value = this.values.shift();
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve) => {
      this.takers.push(resolve);
    });
  }

  get size(): number {
    return this.values.length;
  }
}

export interface Harness extends AsyncDisposable {
  readonly listener: Listener;
  readonly port: number;
  readonly done: Mailbox<AccessRecord>;
  readonly errors: Mailbox<unknown>;
  readonly certificates: Mailbox<{ error: unknown }>;
  client(staysOpen?: boolean): Promise<RawClient>;
}

/** A listener on a free port with all its hooks recorded, to be held with `await using`. */
export async function serve(handler: Handler, options: Partial<ListenOptions> = {}): Promise<Harness> {
  const done = new Mailbox<AccessRecord>();
  const errors = new Mailbox<unknown>();
  const certificates = new Mailbox<{ error: unknown }>();
  const hooks: TransportHooks = {
    onDone: (record) => done.put(record),
    onError: (error) => errors.put(error),
    onCertificate: (error) => certificates.put({ error }),
  };
  const listener = await listen({ host: "127.0.0.1", port: 0, handler, hooks, ...options });
  const clients: RawClient[] = [];
  return {
    listener,
    port: listener.port,
    done,
    errors,
    certificates,
    client: async (staysOpen) => {
      const client = await RawClient.open(listener.port, staysOpen);
      clients.push(client);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.socket.destroy();
      await listener.close(0);
    },
  };
}

/** Whether a new TCP connection is accepted. */
export function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
