import type { Check, Run } from "./run.ts";

/** Where the registry declines what the specification leaves to it, and why. docs/fidelity.md prints this list. */
export const knownSkips: readonly { readonly checks: RegExp; readonly reason: string; readonly why: string }[] = [
  {
    checks: /\/(delete|delete\/blob|delete at the source)$/,
    reason: "DELETE of a blob is answered 405, as layers belong to images",
    why: "ECR has no deletion of a layer; the collector removes what no image names.",
  },
  {
    checks: /\/mount anonymous\/mount$/,
    reason: "the mount was answered with an upload",
    why: "A mount that names no repository would tell what other repositories hold.",
  },
  {
    checks: /^tag parameter sha\d+\/delete\/tag$/,
    reason: "DELETE of what an index lists is answered 405, as ECR refuses it",
    why: "Deleting the last tag of an image deletes the image, which ECR refuses while an index lists it.",
  },
];

const NOT_ASKED = "not part of this version";

/** Skips that are neither explained above nor due to the version. */
export function unexplainedSkips(run: Run): readonly Check[] {
  return run.checks.filter(
    ({ name, outcome, reason }) =>
      outcome === "skip" &&
      reason !== NOT_ASKED &&
      !knownSkips.some((known) => known.checks.test(name) && known.reason === reason),
  );
}

/** A page on what the runs found. */
export function summary(runs: readonly Run[], header: string): string {
  const lines = [
    "# OCI conformance",
    "",
    header,
    "",
    "| Version | Passed | Skipped | Not asked | Failed | Total |",
    "|---|---|---|---|---|---|",
  ];
  for (const run of runs) {
    const count = (matches: (check: Check) => boolean): number => run.checks.filter(matches).length;
    const passed = count(({ outcome }) => outcome === "pass");
    const notAsked = count(({ reason }) => reason === NOT_ASKED);
    const skipped = count(({ outcome }) => outcome === "skip") - notAsked;
    const failed = count(({ outcome }) => outcome === "fail");
    lines.push(`| ${run.version.name} | ${passed} | ${skipped} | ${notAsked} | ${failed} | ${run.checks.length} |`);
  }
  lines.push("", "## Skipped", "", "| Version | Reason | Checks | Why |", "|---|---|---|---|");
  for (const run of runs) {
    for (const [reason, checks] of Map.groupBy(run.checks.filter(isDeclined), (check) => check.reason ?? "")) {
      const why = knownSkips.find((known) => known.reason === reason)?.why ?? "";
      lines.push(`| ${run.version.name} | ${reason} | ${checks.length} | ${why} |`);
    }
  }
  const failures = runs.flatMap((run) =>
    run.failures().map((check) => `- ${run.version.name}: ${check.name}: ${check.reason}`),
  );
  if (failures.length > 0) lines.push("", "## Failed", "", ...failures);
  return `${lines.join("\n")}\n`;
}

function isDeclined({ outcome, reason }: Check): boolean {
  return outcome === "skip" && reason !== NOT_ASKED;
}
