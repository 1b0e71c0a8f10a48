import type { EcrConnection } from "./connection.ts";
import type { Operation } from "./operation.ts";
import type { CallOptions } from "./options.ts";

/** What a waiter polls and what it waits for. */
export interface WaiterFacts<O> {
  readonly delaySeconds: number;
  readonly maxAttempts: number;
  readonly stateOf: (output: O) => string | undefined;
  readonly success: string;
  readonly failure: string;
}

export interface WaitOptions extends Omit<CallOptions, "maxAttempts"> {
  readonly delaySeconds?: number | undefined;
  /** Most questions asked. */
  readonly maxPolls?: number | undefined;
}

export type Waiter<I, O> = (connection: EcrConnection, input: I, options?: WaitOptions) => Promise<O>;
export type WaitMethod<I, O> = (input: I, options?: WaitOptions) => Promise<O>;

/** What was waited for failed, or did not come to an end in the time given. */
export class WaiterError extends Error {
  override readonly name = "WaiterError";
  readonly reason: "failure" | "too-many-polls";
  /** The answer to the last question. */
  readonly answer: object;

  constructor(message: string, members: { readonly reason: WaiterError["reason"]; readonly answer: object }) {
    super(message);
    this.reason = members.reason;
    this.answer = members.answer;
  }
}

/** An error answer ends the wait, as in botocore. */
export function waiter<I, O extends object>(called: Operation<I, O>, facts: WaiterFacts<O>): Waiter<I, O> {
  return async (connection, input, options = {}) => {
    const { delaySeconds = facts.delaySeconds, maxPolls = facts.maxAttempts, ...call } = options;
    for (let poll = 1; ; poll += 1) {
      const answer = await called(connection, input, call);
      const state = facts.stateOf(answer);
      if (state === facts.success) return answer;
      if (state === facts.failure) {
        throw new WaiterError(`${called.operationName} answered ${state}`, { reason: "failure", answer });
      }
      if (poll >= maxPolls) {
        const message = `${called.operationName} still answers ${state ?? "no state"} after ${poll} times`;
        throw new WaiterError(message, { reason: "too-many-polls", answer });
      }
      await connection.clock.sleep(delaySeconds * 1000, options.signal);
    }
  };
}

export function bindWaiter<I, O>(connection: EcrConnection, wait: Waiter<I, O>): WaitMethod<I, O> {
  return (input, options) => wait(connection, input, options);
}
