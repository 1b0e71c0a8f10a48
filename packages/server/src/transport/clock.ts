/** Stops a timer; twice is fine. */
export type Cancel = () => void;

/** The transport's time, handed in so that tests own it. */
export interface TransportClock {
  /** Milliseconds that only grow, from any origin. */
  now(): number;
  /** Runs `task` once after `delayMs`; a timer does not keep the process alive. */
  after(delayMs: number, task: () => void): Cancel;
}

export const systemClock: TransportClock = {
  now: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
