import type { Clock } from "@stowage/registry";

/** A clock that stands until the test moves it. */
export class FakeClock implements Clock {
  #now: number;

  constructor(start = new Date("2026-11-21T12:00:00Z")) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
