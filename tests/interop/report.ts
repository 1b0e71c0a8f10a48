import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { StepResult } from "./scenario.ts";

export interface ClientResult {
  readonly client: string;
  readonly version: string;
  readonly steps: readonly StepResult[];
  readonly seconds: number;
  readonly failure?: { readonly step: string; readonly message: string };
}

export interface Report {
  readonly startedAt: string;
  readonly endpoint: string;
  readonly results: readonly ClientResult[];
}

/** Writes the report twice: `file` as Markdown for people, the same name with `.json` for programs. */
export async function writeReport(file: string, report: Report): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, markdown(report));
  await writeFile(file.replace(/\.md$/, "") + ".json", `${JSON.stringify(report, undefined, 2)}\n`);
}

export function table(results: readonly ClientResult[]): string {
  const rows = [
    ["client", "version", "steps", "result", "seconds"],
    ...results.map((result) => [
      result.client,
      result.version,
      String(result.steps.length),
      result.failure ? `FAILED: ${result.failure.step}` : "passed",
      result.seconds.toFixed(1),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function closingLine(results: readonly ClientResult[]): string {
  const failed = results.filter((result) => result.failure).length;
  return `${results.length - failed} passed, ${failed} failed`;
}

function markdown({ startedAt, endpoint, results }: Report): string {
  const rows = results.map((result) => {
    const outcome = result.failure ? `failed at “${result.failure.step}”` : "passed";
    const steps = result.steps.map((step) => step.name).join("; ");
    return `| ${result.client} | ${result.version} | ${outcome} | ${result.seconds.toFixed(1)} | ${steps} |`;
  });
  const failures = results.flatMap((result) =>
    result.failure ? [`## ${result.client}: ${result.failure.step}`, "", "```", result.failure.message, "```", ""] : [],
  );
  return [
    "# Real clients against Stowage",
    "",
    `${startedAt}, ${endpoint}. ${closingLine(results)}.`,
    "",
    "| Client | Version | Result | Seconds | What it did |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    ...failures,
  ].join("\n");
}
