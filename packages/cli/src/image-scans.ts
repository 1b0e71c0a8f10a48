import type {
  DescribeImageScanFindingsResponse,
  EcrClient,
  EnhancedImageScanFinding,
  ImageScanFinding,
} from "@stowage/client";
import { Option, type Command } from "commander";
import { addEcrCommand, limitOption, withEcr, type EcrOptions } from "./ecr-command.ts";
import { exitCodes, Failure } from "./exit-codes.ts";
import { parseImageName, type ImageName } from "./image-name.ts";
import type { Io } from "./io.ts";
import { printItem, printList, type Column } from "./output.ts";

type Finding = ImageScanFinding | EnhancedImageScanFinding;

/** From the worst. */
const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"] as const;
type Severity = (typeof SEVERITIES)[number];

const POLL_SECONDS = 1;
const MAX_POLLS = 600;

const COLUMNS: readonly Column<Finding>[] = [
  { heading: "SEVERITY", of: (finding) => finding.severity },
  { heading: "VULNERABILITY", of: nameOf },
  { heading: "PACKAGE", of: (finding) => packagesOf(finding).map(({ name }) => name) },
  { heading: "INSTALLED", of: (finding) => packagesOf(finding).map(({ version }) => version) },
  { heading: "FIXED IN", of: (finding) => packagesOf(finding).flatMap(({ fixedIn }) => fixedIn ?? []) },
  { heading: "DESCRIPTION", of: (finding) => ("title" in finding ? finding.title : finding.description) },
];

export function addScan(images: Command, io: Io): void {
  addEcrCommand(images, {
    usage: "scan <image>",
    summary: "have the registry scan an image",
    details: "Basic scanning takes an image once in 24 hours. To analyse an image without a registry see stowage scan.",
    examples: ["stowage images scan team/app:1.0 --wait", "stowage images scan team/app:1.0 --output json"],
  })
    .option("--wait", "wait for the end of the scan; fail when it does")
    .action((name: string, options: EcrOptions & { readonly wait?: boolean }) => {
      const { repositoryName, imageId } = parseImageName(name);
      const { registryId } = options;
      const subject = { repositoryName, tag: imageId.imageTag };
      return withEcr(io, { options, subject }, async (ecr) => {
        const input = { repositoryName, registryId, imageId };
        const started = await ecr.startImageScan(input);
        const { imageScanStatus } =
          options.wait === true
            ? await ecr.waitUntil.imageScanComplete(input, { delaySeconds: POLL_SECONDS, maxPolls: MAX_POLLS })
            : started;
        printItem(io, options, { ...started, imageScanStatus }, [
          { heading: "Repository", of: (scan) => scan.repositoryName },
          { heading: "Status", of: (scan) => scan.imageScanStatus?.status },
          { heading: "Description", of: (scan) => scan.imageScanStatus?.description },
        ]);
      });
    });
}

interface FindingsOptions extends EcrOptions {
  readonly severity?: Severity;
  readonly failOn?: Severity;
  readonly limit?: number;
}

export function addFindings(images: Command, io: Io): void {
  const command = addEcrCommand(images, {
    usage: "findings <image>",
    summary: "list what the scan of an image found",
    examples: [
      "stowage images findings team/app:1.0",
      "stowage images findings team/app:1.0 --severity HIGH --fail-on CRITICAL",
      "stowage images findings team/app:1.0 --output ndjson",
    ],
  });
  limitOption(command)
    .addOption(new Option("--severity <severity>", "only findings at least as bad").choices(SEVERITIES))
    .addOption(new Option("--fail-on <severity>", "exit with 1 when a finding is at least as bad").choices(SEVERITIES))
    .action((name: string, options: FindingsOptions) => {
      const image = parseImageName(name);
      const subject = { repositoryName: image.repositoryName, tag: image.imageId.imageTag };
      return withEcr(io, { options, subject }, (ecr) => findings(io, { ecr, image }, options));
    });
}

async function findings(
  io: Io,
  { ecr, image: { repositoryName, imageId } }: { readonly ecr: EcrClient; readonly image: ImageName },
  options: FindingsOptions,
): Promise<void> {
  const { registryId, severity = "UNDEFINED", failOn, limit } = options;
  let head: DescribeImageScanFindingsResponse = {};
  let bad = 0;
  let shown = 0;
  async function* wanted(): AsyncGenerator<Finding, void, undefined> {
    for await (const page of ecr.paginate.describeImageScanFindings({ repositoryName, registryId, imageId })) {
      if (Object.keys(head).length === 0) head = page;
      for (const finding of [
        ...(page.imageScanFindings?.findings ?? []),
        ...(page.imageScanFindings?.enhancedFindings ?? []),
      ]) {
        // The worst finding may stand behind the last one shown.
        if (failOn !== undefined && isAtLeast(finding, failOn)) bad += 1;
        if (shown === limit || !isAtLeast(finding, severity)) continue;
        yield finding;
        shown += 1;
      }
      if (shown === limit && failOn === undefined) return;
    }
  }
  await printList(io, options, { items: wanted(), columns: COLUMNS });
  if (options.output === "table") io.stderr.write(summaryOf(head));
  if (bad > 0)
    throw new Failure(`Findings of severity ${failOn ?? ""} or worse: ${bad}.`, { exitCode: exitCodes.failed });
}

function summaryOf({ imageScanStatus, imageScanFindings }: DescribeImageScanFindingsResponse): string {
  const counts = imageScanFindings?.findingSeverityCounts ?? {};
  const parts = SEVERITIES.flatMap((severity) => {
    const count = counts[severity] ?? 0;
    return count === 0 ? [] : [`${count} ${severity.toLowerCase()}`];
  });
  const status = `Scan ${imageScanStatus?.status ?? "of unknown status"}`;
  const reason = imageScanStatus?.status === "COMPLETE" ? undefined : imageScanStatus?.description;
  return `${status}${reason === undefined ? "" : `: ${reason}`}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}\n`;
}

function isAtLeast({ severity }: Finding, least: Severity): boolean {
  const rank = SEVERITIES.findIndex((name) => name === severity);
  return (rank < 0 ? SEVERITIES.length - 1 : rank) <= SEVERITIES.indexOf(least);
}

function nameOf(finding: Finding): string | undefined {
  if ("packageVulnerabilityDetails" in finding) return finding.packageVulnerabilityDetails?.vulnerabilityId;
  return "name" in finding ? finding.name : undefined;
}

interface FoundPackage {
  readonly name: string;
  readonly version: string;
  readonly fixedIn: string | undefined;
}

/** Basic findings have the package among their attributes. */
function packagesOf(finding: Finding): readonly FoundPackage[] {
  if ("attributes" in finding) {
    const attribute = (key: string): string | undefined =>
      finding.attributes?.find((candidate) => candidate.key === key)?.value;
    const name = attribute("package_name");
    return name === undefined
      ? []
      : [{ name, version: attribute("package_version") ?? "", fixedIn: attribute("fixed_in_version") }];
  }
  if (!("packageVulnerabilityDetails" in finding)) return [];
  return (finding.packageVulnerabilityDetails?.vulnerablePackages ?? []).map(({ name, version, fixedInVersion }) => ({
    name: name ?? "",
    version: version ?? "",
    fixedIn: fixedInVersion,
  }));
}
