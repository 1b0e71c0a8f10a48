/** What a scenario is given. */
export interface FaultContext {
  /** Hundreds of kills instead of tens, and the scenarios that take minutes. */
  readonly full: boolean;
  /** An empty folder of the scenario's own; it is removed when the scenario has passed. */
  readonly folder: string;
  /** What the scenario started; ended in reverse order, also after a failure. */
  readonly cleanups: AsyncDisposableStack;
  readonly random: Random;
  readonly progress: (line: string) => void;
}

export interface Scenario {
  readonly name: string;
  /** What it proves. */
  readonly title: string;
  /** Why it cannot run on this machine, if it cannot. */
  readonly obstacle?: () => Promise<string | undefined>;
  /** Throws when something does not hold. @returns what it saw, in words */
  readonly run: (context: FaultContext) => Promise<string>;
}

/** Numbers that come again with the same seed, so that a failed run's moments can be tried once more. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. Source: mulberry32, a generator of 32 bits in the public domain. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both possible. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }
}
