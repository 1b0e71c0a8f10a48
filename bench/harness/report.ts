import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { cpuRatioOf, median, medianOf, ratioOf, type Row, type Series, targetMet } from "./measure.ts";

export interface CaseReport {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  readonly failure?: string;
}

export interface Report {
  readonly startedAt: string;
  readonly machine: string;
  readonly commit: string;
  readonly full: boolean;
  readonly rounds: number;
  readonly cases: readonly CaseReport[];
}

/** Writes `file` as Markdown for people, and the same name ending in `.json` for programs. */
export async function writeReport(file: string, report: Report): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, markdown(report));
  await writeFile(`${file.replace(/\.md$/, "")}.json`, `${JSON.stringify(withSummaries(report), undefined, 2)}\n`);
}

const HEADINGS = [
  "figure",
  "unit",
  "Stowage",
  "CPU s",
  "compared with",
  "figure",
  "CPU s",
  "load s",
  "ratio",
  "CPU ratio",
  "target",
];

export function table(rows: readonly Row[]): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function markdown(report: Report): string {
  const sections = report.cases.flatMap((found) => [
    `## ${found.title}`,
    "",
    ...(found.rows.length === 0
      ? []
      : [line(HEADINGS), line(HEADINGS.map(() => "---")), ...found.rows.map((row) => line(cellsOf(row))), ""]),
    ...found.notes.flatMap((note) => [`- ${note}`]),
    ...(found.failure === undefined ? [] : ["", "Failed:", "", "```", found.failure, "```"]),
    "",
  ]);
  return [
    "# Stowage measured against its peers",
    "",
    `${report.startedAt}, commit ${report.commit}, ${report.full ? "full" : "short"} run. ${report.machine}.`,
    "",
    `Each figure is the median of ${report.rounds} runs, taken in turns, with the lowest and the highest in brackets. ` +
      "`CPU s` is the median of user and system time that the server's process took for one run, `load s` that of the load " +
      "generators for the same (for Stowage / for the compared), which share the machine. A ratio above 1 means that Stowage " +
      "is better, unless it is marked as a cost. The CPU ratio compares the servers' processor time for the same work: other work " +
      "on the machine disturbs it less than it does the times.",
    "",
    ...sections,
  ].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cellsOf(row: Row): string[] {
  const { subject, compared } = row;
  const ratio = ratioOf(row);
  return [
    row.what,
    row.unit,
    spread(subject),
    cpu(subject),
    compared?.who ?? "",
    compared === undefined ? "" : spread(compared),
    compared === undefined ? "" : cpu(compared),
    [subject, ...(compared === undefined ? [] : [compared])].map(load).join(" / "),
    ratio === undefined ? "" : `${ratio.toFixed(2)}${row.ratio === "cost" ? " (cost)" : ""}`,
    cpuRatioOf(row)?.toFixed(2) ?? "",
    targetCell(row),
  ];
}

function spread(series: Series): string {
  const values = series.runs.map(({ value }) => value);
  if (values.length === 1) return figure(medianOf(series));
  return `${figure(medianOf(series))} (${figure(Math.min(...values))}–${figure(Math.max(...values))})`;
}

function cpu({ runs }: Series): string {
  const values = runs.flatMap(({ serverCpuSeconds }) => (serverCpuSeconds === undefined ? [] : [serverCpuSeconds]));
  return values.length === 0 ? "" : median(values).toFixed(2);
}

function load({ runs }: Series): string {
  return median(runs.map(({ loadCpuSeconds }) => loadCpuSeconds)).toFixed(2);
}

function targetCell(row: Row): string {
  const { target } = row;
  if (target === undefined) return "";
  const bounds = [
    ...(target.atLeast === undefined ? [] : [`≥ ${target.atLeast}`]),
    ...(target.atMost === undefined ? [] : [`≤ ${target.atMost}`]),
  ];
  return `${target.of} ${bounds.join(", ")}: ${targetMet(row) === true ? "met" : "MISSED"}`;
}

function figure(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(3);
}

function withSummaries(report: Report): object {
  const cases = report.cases.map((found) => ({
    ...found,
    rows: found.rows.map((row) => ({
      ...row,
      median: medianOf(row.subject),
      ...(row.compared === undefined
        ? {}
        : { comparedMedian: medianOf(row.compared), ratioValue: ratioOf(row), cpuRatio: cpuRatioOf(row) }),
      ...(row.target === undefined ? {} : { targetMet: targetMet(row) }),
    })),
  }));
  return { ...report, cases };
}
