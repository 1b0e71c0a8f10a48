import type { Row } from "./measure.ts";

export interface BenchContext {
  /** The sizes and counts of the issue, instead of those of a run of minutes. */
  readonly full: boolean;
  /** How often each figure is taken. */
  readonly rounds: number;
  /** An empty folder of the case's own; it is removed when the case has ended. */
  readonly folder: string;
  /** What the case started; ended in reverse order, also after a failure. */
  readonly cleanups: AsyncDisposableStack;
  /** A data directory that holds many images; made when it is first asked for, and shared by the cases of a run. */
  readonly seeded: () => Promise<SeededData>;
  readonly progress: (line: string) => void;
}

export interface SeededData {
  readonly data: string;
  readonly repositories: readonly { readonly name: string; readonly images: number }[];
  readonly seconds: number;
}

export interface CaseFindings {
  readonly rows: readonly Row[];
  /** Sentences that a reader of the figures needs. */
  readonly notes?: readonly string[];
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  readonly run: (context: BenchContext) => Promise<CaseFindings>;
}
