import { PlatformEcrClient } from "../ecr/generated/platform-ecr-client.ts";
import type { EcrClientOptions } from "../ecr/options.ts";
import type { HttpReply, HttpRequest } from "../http.ts";
import { platform as nodePlatform } from "../node/platform.ts";
import type { Clock, Platform } from "../platform.ts";

/** What a staged server does with one request: answers, fails as a connection does, or keeps silent. */
export type Turn = StagedReply | Error | "silence";

export interface StagedReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Stage {
  readonly client: PlatformEcrClient;
  readonly platform: Platform;
  readonly sent: HttpRequest[];
  /** How long the client waited each time, in milliseconds. */
  readonly slept: number[];
}

const START = Date.parse("2026-11-21T12:00:00Z");

/** A client whose server says what a test has written down, turn by turn; the last turn is repeated. */
export function stage(
  turns: readonly Turn[],
  { random = 0.5, ...given }: EcrClientOptions & { readonly random?: number } = {},
): Stage {
  const sent: HttpRequest[] = [];
  const slept: number[] = [];
  const platform: Platform = {
    http: {
      send: (request) => {
        const turn = turns[Math.min(sent.length, turns.length - 1)];
        sent.push(request);
        return played(turn ?? "silence");
      },
    },
    hasher: nodePlatform.hasher,
    digest: (bytes) => Promise.resolve(nodePlatform.hasher.sha256(bytes)),
    clock: autoClock(slept),
    random: () => random,
    surroundings: () => Promise.resolve({}),
    credentials: () => Promise.reject(new Error("asked for credentials")),
  };
  const options = { accessKeyId: "AKID", secretAccessKey: "secret", region: "eu-west-1", ...given };
  return { client: new PlatformEcrClient(options, platform), platform, sent, slept };
}

/** Time stands still but for sleeps, which are over as soon as nothing else is left to do. */
export function autoClock(slept: number[]): Clock {
  let ms = START;
  return {
    now: () => new Date(ms),
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
        setImmediate(() => {
          if (signal?.aborted === true) return;
          ms += durationMs;
          slept.push(durationMs);
          resolve();
        });
      }),
  };
}

function played(turn: Turn): Promise<HttpReply> {
  if (turn === "silence") return new Promise(() => undefined);
  if (turn instanceof Error) return Promise.reject(turn);
  const { status = 200, headers = {}, body = {} } = turn;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return Promise.resolve({ status, headers, body: new TextEncoder().encode(text) });
}

/** The answer of a server that refuses. */
export function refusal(
  code: string,
  { status = 400, ...members }: { readonly status?: number; readonly message?: string } = {},
): StagedReply {
  return { status, body: { __type: code, message: "told", ...members } };
}
