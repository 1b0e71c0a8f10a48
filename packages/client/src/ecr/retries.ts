/** The numbers of AWS's standard retry mode, as the AWS SDK for JavaScript has had them since 2026. */
export const DEFAULT_MAX_ATTEMPTS = 3;
export const MAX_RETRY_DELAY_MS = 20_000;
export const RETRY_QUOTA = 500;
const DELAY_BASE_MS = 50;
const THROTTLING_DELAY_BASE_MS = 1000;
const COST = 14;
const THROTTLING_COST = 5;
const REFUND_WITHOUT_RETRY = 1;
/** How much longer than the own delay a server may ask for. */
const MAX_EXTRA_DELAY_MS = 5000;

const THROTTLING_CODES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);
const TRANSIENT_CODES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "NoAnswerError",
  "TimeoutError",
  "RequestTimeout",
  "RequestTimeoutException",
]);
const TRANSIENT_STATUSES: ReadonlySet<number> = /* @__PURE__ */ new Set([500, 502, 503, 504]);

export type RetryKind = "throttling" | "transient";

/** Whether a failure may be gone at the next attempt; undefined when it will not. */
export function retryKindOf(code: string, status?: number): RetryKind | undefined {
  if (status === 429 || THROTTLING_CODES.has(code)) return "throttling";
  return TRANSIENT_CODES.has(code) || (status !== undefined && TRANSIENT_STATUSES.has(status))
    ? "transient"
    : undefined;
}

/** How long to wait before another attempt, in milliseconds: a random share of a bound that doubles. */
export function retryDelayMs(
  kind: RetryKind,
  retries: number,
  { random, askedMs }: { readonly random: number; readonly askedMs?: number | undefined },
): number {
  const base = kind === "throttling" ? THROTTLING_DELAY_BASE_MS : DELAY_BASE_MS;
  const own = Math.floor(random * Math.min(base * 2 ** retries, MAX_RETRY_DELAY_MS));
  return askedMs === undefined ? own : Math.max(own, Math.min(askedMs, own + MAX_EXTRA_DELAY_MS));
}

/** The wait that an answer asks for, in milliseconds. */
export function askedDelayMs(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const ms = headers["x-amz-retry-after"];
  if (ms !== undefined) return finite(Number(ms));
  const after = headers["retry-after"];
  if (after === undefined) return undefined;
  return finite(/^\d+(\.\d+)?$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now.getTime());
}

function finite(ms: number): number | undefined {
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** One client's allowance of retries: what fails often is soon tried once only, until calls succeed again. */
export class RetryQuota {
  #left = RETRY_QUOTA;

  get left(): number {
    return this.#left;
  }

  /** @returns what was taken, to be handed back when the retry succeeds; undefined when there is not enough left */
  take(kind: RetryKind): number | undefined {
    const cost = kind === "throttling" ? THROTTLING_COST : COST;
    if (this.#left < cost) return undefined;
    this.#left -= cost;
    return cost;
  }

  /** @param taken by the attempt that succeeded; nothing when it was the first */
  giveBack(taken = REFUND_WITHOUT_RETRY): void {
    this.#left = Math.min(RETRY_QUOTA, this.#left + taken);
  }
}
