import { styleText } from "node:util";
import { formatBytes } from "./cells.ts";
import type { Io } from "./io.ts";

/** One of several things under way. */
export interface Step {
  readonly id: string;
  readonly label: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** How it ended; under way when undefined. */
  readonly outcome?: string;
}

export interface Progress {
  show(step: Step): void;
  /** Takes the bars away. What was said of steps that ended stays. */
  end(): void;
}

/** Bars at once; further steps wait for one of them to end. */
const MAX_BARS = 8;
const BAR_WIDTH = 24;
const LEAST_COLUMNS = 40;
/** Between two drawings. */
const FRAME_MS = 80;
const CLEAR_LINE = "\u001B[2K";

/** Bars on a terminal; a line for each step that ends elsewhere. Both on standard error. */
export function createProgress(io: Io): Progress {
  const { errorColumns } = io;
  return errorColumns === undefined || errorColumns < LEAST_COLUMNS ? plainLines(io) : new Bars(io, errorColumns);
}

function plainLines(io: Io): Progress {
  return {
    show: (step) => {
      if (step.outcome !== undefined) io.stderr.write(`${sentenceOf(step)}\n`);
    },
    end: () => undefined,
  };
}

class Bars implements Progress {
  readonly #io: Io;
  readonly #columns: number;
  readonly #running = new Map<string, Step>();
  #drawn = 0;
  #drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(io: Io, columns: number) {
    this.#io = io;
    this.#columns = columns;
  }

  show(step: Step): void {
    if (step.outcome === undefined) {
      this.#running.set(step.id, step);
      this.#draw("", this.#nowMs() - this.#drawnAtMs < FRAME_MS);
    } else {
      this.#running.delete(step.id);
      this.#draw(`${this.#cut(sentenceOf(step))}\n`, false);
    }
  }

  end(): void {
    this.#running.clear();
    this.#io.stderr.write(this.#erase());
    this.#drawn = 0;
  }

  /** @param text stays above the bars */
  #draw(text: string, tooSoon: boolean): void {
    if (tooSoon) return;
    this.#drawnAtMs = this.#nowMs();
    const steps = [...this.#running.values()];
    const lines = steps.slice(0, MAX_BARS).map((step) => this.#bar(step));
    const hidden = steps.length - lines.length;
    if (hidden > 0) lines.push(this.#cut(`and ${hidden} more`));
    this.#io.stderr.write(`${this.#erase()}${text}${lines.map((line) => `${line}\n`).join("")}`);
    this.#drawn = lines.length;
  }

  /** Puts the cursor where the first bar stood. */
  #erase(): string {
    return this.#drawn === 0
      ? ""
      : `\u001B[${this.#drawn}A${`${CLEAR_LINE}\n`.repeat(this.#drawn)}\u001B[${this.#drawn}A`;
  }

  #bar({ label, doneBytes, totalBytes }: Step): string {
    const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
    const full = Math.round(share * BAR_WIDTH);
    const numbers = `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
    const room = this.#columns - BAR_WIDTH - numbers.length - 5;
    if (room < 8) return this.#cut(`${label} ${numbers}`);
    const name = (label.length > room ? `${label.slice(0, room - 1)}…` : label).padEnd(room);
    const done = "█".repeat(full);
    const isPlain = Boolean(this.#io.environment["NO_COLOR"]);
    const bar = `${isPlain ? done : styleText("green", done, { validateStream: false })}${"░".repeat(BAR_WIDTH - full)}`;
    return `${name} ${bar} ${numbers}`;
  }

  #cut(text: string): string {
    return text.length < this.#columns ? text : `${text.slice(0, this.#columns - 2)}…`;
  }

  #nowMs(): number {
    return (this.#io.now?.() ?? new Date()).getTime();
  }
}

function sentenceOf({ label, totalBytes, outcome = "" }: Step): string {
  return `${label}: ${outcome}, ${formatBytes(totalBytes)}`;
}
