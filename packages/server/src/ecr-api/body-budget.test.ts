import { describe, expect, it } from "vitest";
import { ThrottlingException } from "@stowage/model";
import { BodyBudget } from "./body-budget.ts";

const signal = new AbortController().signal;

/** Takes bytes and tells, at any time, whether they were granted. */
function ask(budget: BodyBudget, bytes: number, abort: AbortSignal = signal) {
  const asked = { granted: false, giveBack: (): void => undefined, done: Promise.resolve() };
  asked.done = budget.take(bytes, abort).then((giveBack) => {
    asked.granted = true;
    asked.giveBack = giveBack;
  });
  return asked;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a budget of bytes", () => {
  it("admits up to its limit and no byte more", async () => {
    const budget = new BodyBudget(10, 5);
    const [first, second] = [ask(budget, 6), ask(budget, 4)];
    const third = ask(budget, 1);
    await settle();
    expect([first.granted, second.granted, third.granted]).toEqual([true, true, false]);
    second.giveBack();
    await third.done;
    expect(third.granted).toBe(true);
  });

  it("serves in order of arrival, so that small bodies do not starve a large one", async () => {
    const budget = new BodyBudget(10, 5);
    const first = ask(budget, 8);
    await first.done;
    const large = ask(budget, 10);
    const small = ask(budget, 1);
    await settle();
    expect(small.granted).toBe(false);
    first.giveBack();
    await large.done;
    expect(small.granted).toBe(false);
    large.giveBack();
    await small.done;
  });

  it("throttles when as many wait as may", async () => {
    const budget = new BodyBudget(1, 2);
    const first = ask(budget, 1);
    const waiting = [ask(budget, 1), ask(budget, 1)];
    await expect(budget.take(1, signal)).rejects.toThrow(ThrottlingException);
    await first.done;
    first.giveBack();
    await waiting[0]!.done;
    waiting[0]!.giveBack();
    await waiting[1]!.done;
  });

  it("passes over who left the queue, and admits who came behind", async () => {
    const budget = new BodyBudget(10, 5);
    const first = ask(budget, 6);
    await first.done;
    const leaving = new AbortController();
    const large = ask(budget, 8, leaving.signal);
    const small = ask(budget, 4);
    leaving.abort(new Error("left"));
    await expect(large.done).rejects.toThrow("left");
    await small.done;
    expect(small.granted).toBe(true);
  });

  it("gives a place to nobody whose client has left already", async () => {
    const budget = new BodyBudget(1, 5);
    const first = ask(budget, 1);
    await first.done;
    const gone = AbortSignal.abort(new Error("left"));
    await expect(budget.take(1, gone)).rejects.toThrow("left");
  });
});
