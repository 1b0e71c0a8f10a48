import { MAX_FINDINGS } from "../limits.ts";

/** What is wrong with a document, or unwise about it. */
export interface Finding {
  /** A document with an error is refused; a warning is advice. */
  readonly severity: "error" | "warning";
  readonly code: string;
  /** Where in the document: `Statement[0].Condition.StringEquals`; empty for the whole of it. */
  readonly path: string;
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

/** A place in a document. */
export interface Place {
  readonly path: string;
  /** Offset in the text. */
  readonly at: number;
}

/** Gathers the findings of one document, at most {@link MAX_FINDINGS}, errors before warnings. */
export class Findings {
  private readonly errors: Finding[] = [];
  private readonly warnings: Finding[] = [];
  private readonly text: string;
  private lineStarts: number[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get hasErrors(): boolean {
    return this.errors.length > 0;
  }

  get list(): readonly Finding[] {
    return [...this.errors, ...this.warnings].slice(0, MAX_FINDINGS);
  }

  error(code: string, place: Place, message: string): void {
    if (this.errors.length < MAX_FINDINGS) {
      this.errors.push({ severity: "error", code, path: place.path, message, ...this.position(place.at) });
    }
  }

  warn(code: string, place: Place, message: string): void {
    if (this.warnings.length < MAX_FINDINGS) {
      this.warnings.push({ severity: "warning", code, path: place.path, message, ...this.position(place.at) });
    }
  }

  private position(at: number): { line: number; column: number } {
    this.lineStarts ??= startsOfLines(this.text);
    const line = this.lineStarts.findLastIndex((start) => start <= at);
    return { line: line + 1, column: at - (this.lineStarts[line] ?? 0) + 1 };
  }
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
