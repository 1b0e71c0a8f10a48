import { cpuSeconds, ownCpuSeconds } from "./proc.ts";

export interface Measured {
  readonly value: number;
  /** What the server under load took of the processors meanwhile; absent where no server was asked. */
  readonly serverCpuSeconds?: number;
  /** What the load generators took. */
  readonly loadCpuSeconds: number;
}

/** The same measurement, taken several times. */
export interface Series {
  readonly who: string;
  readonly runs: readonly Measured[];
}

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly better: "less" | "more";
  readonly subject: Series;
  /** What the subject is compared with, measured in turns with it. */
  readonly compared?: Series;
  /** `speed`: how many times as good as the compared; `cost`: how many times its value. */
  readonly ratio?: "speed" | "cost";
  readonly target?: Target;
}

/** What an issue asks of the ratio, or of the value. Printed beside the figure; nothing fails by it. */
export interface Target {
  readonly of: "ratio" | "value";
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Runs `work`, whose result is the value, and adds what it cost the server `pid` and this process with its children. */
export async function measure(pid: number | undefined, work: () => Promise<number>): Promise<Measured> {
  const serverBefore = pid === undefined ? 0 : cpuSeconds(pid);
  const loadBefore = ownCpuSeconds();
  const value = await work();
  const loadCpuSeconds = ownCpuSeconds() - loadBefore;
  if (pid === undefined) return { value, loadCpuSeconds };
  return { value, serverCpuSeconds: cpuSeconds(pid) - serverBefore, loadCpuSeconds };
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}

export interface Contender {
  readonly who: string;
  readonly run: (round: number) => Promise<Measured>;
}

/**
 * Takes turns: A B C, B C A, C A B, and then C B A, A C B, B A C, so that what changes on the machine meanwhile, and what a run
 * leaves to the next, meets all alike.
 */
export async function takeTurns(contenders: readonly Contender[], rounds: number): Promise<Series[]> {
  const runs = contenders.map((): Measured[] => []);
  for (let round = 0; round < rounds; round += 1) {
    const order = [...contenders.entries()];
    order.push(...order.splice(0, round % order.length));
    if (Math.floor(round / order.length) % 2 === 1) order.reverse();
    for (const [at, contender] of order) runs[at]?.push(await contender.run(round));
  }
  return contenders.map(({ who }, at) => ({ who, runs: runs[at] ?? [] }));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function medianOf({ runs }: Series): number {
  return median(runs.map(({ value }) => value));
}

export function ratioOf(row: Row): number | undefined {
  if (row.compared === undefined) return undefined;
  const [subject, compared] = [medianOf(row.subject), medianOf(row.compared)];
  if (row.ratio === "cost" || row.better === "more") return subject / compared;
  return compared / subject;
}

/** How many times as much processor time the compared server took for the same work; for rates, for one unit of work. */
export function cpuRatioOf({ subject, compared, better, ratio: means }: Row): number | undefined {
  if (compared === undefined) return undefined;
  const cost = (series: Series): number =>
    median(
      series.runs.map(({ value, serverCpuSeconds = Number.NaN }) =>
        better === "more" ? serverCpuSeconds / value : serverCpuSeconds,
      ),
    );
  const ratio = means === "cost" ? cost(subject) / cost(compared) : cost(compared) / cost(subject);
  return Number.isFinite(ratio) ? ratio : undefined;
}

export function targetMet(row: Row): boolean | undefined {
  if (row.target === undefined) return undefined;
  const value = row.target.of === "ratio" ? ratioOf(row) : medianOf(row.subject);
  if (value === undefined) return undefined;
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = row.target;
  return value >= atLeast && value <= atMost;
}
