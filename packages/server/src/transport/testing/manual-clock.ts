import type { Cancel, TransportClock } from "../clock.ts";

interface Timer {
  readonly at: number;
  readonly delayMs: number;
  readonly task: () => void;
}

/** Time that stands still until a test moves it. */
export class ManualClock implements TransportClock {
  private time = 0;
  private readonly timers = new Set<Timer>();
  private readonly watchers = new Map<number, () => void>();

  now(): number {
    return this.time;
  }

  after(delayMs: number, task: () => void): Cancel {
    const timer = { at: this.time + delayMs, delayMs, task };
    this.timers.add(timer);
    this.watchers.get(delayMs)?.();
    this.watchers.delete(delayMs);
    return () => this.timers.delete(timer);
  }

  /** Resolves when a timer of exactly this length is running. */
  async started(delayMs: number): Promise<void> {
    for (const timer of this.timers) if (timer.delayMs === delayMs) return;
    await new Promise<void>((resolve) => {
      this.watchers.set(delayMs, resolve);
    });
  }

  /** Moves time on and runs what became due, in order. */
  advance(byMs: number): void {
    this.time += byMs;
    const due = [...this.timers].filter((timer) => timer.at <= this.time).toSorted((one, other) => one.at - other.at);
    for (const timer of due) {
      this.timers.delete(timer);
      timer.task();
    }
  }
}
