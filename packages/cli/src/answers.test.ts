import { create } from "@stowage/client";
import { describe, expect, it } from "vitest";
import type { Io } from "./io.ts";
import { runWith, type Outcome } from "./testing/installation.ts";

type Answers = Readonly<Record<string, readonly object[]>>;

/** A registry that gives prepared answers, one after the other, and keeps what it was asked. */
function registry(answers: Answers) {
  const asked: { readonly operation: string; readonly input: unknown }[] = [];
  const left = new Map(Object.entries(answers).map(([name, list]) => [name, [...list]]));
  const createEcr: Io["createEcr"] = () =>
    create({
      endpoint: "http://registry.test",
      region: "us-east-1",
      accessKeyId: "AKIA",
      secretAccessKey: "secret",
      maxAttempts: 1,
      http: {
        send: ({ headers, body }) => {
          const operation = headers["x-amz-target"]?.split(".")[1] ?? "";
          asked.push({ operation, input: JSON.parse(Buffer.from(body).toString()) });
          const answer = left.get(operation)?.shift() ?? { __type: "ServerException", message: `no ${operation}` };
          const status = "__type" in answer ? 400 : 200;
          return Promise.resolve({ status, headers: {}, body: Buffer.from(JSON.stringify(answer)) });
        },
      },
    });
  const io = { createEcr, environment: { AWS_ACCESS_KEY_ID: "AKIA" }, now: () => new Date("2026-11-21T12:00:00Z") };
  return { asked, stowage: (...line: string[]): Promise<Outcome> => runWith(line, io) };
}

const basic = (name: string, severity: string): object => ({
  name,
  severity,
  description: `about ${name}`,
  attributes: [
    { key: "package_name", value: "openssl" },
    { key: "package_version", value: "3.0.1" },
  ],
});

describe("stowage images findings", () => {
  const pages = [
    {
      imageScanStatus: { status: "COMPLETE", description: "The scan was completed successfully." },
      imageScanFindings: {
        findings: [basic("CVE-1", "MEDIUM"), basic("CVE-2", "LOW")],
        findingSeverityCounts: { LOW: 1, MEDIUM: 1, CRITICAL: 1 },
      },
      nextToken: "more",
    },
    { imageScanStatus: { status: "COMPLETE" }, imageScanFindings: { findings: [basic("CVE-3", "CRITICAL")] } },
  ];

  it("are a table over all pages, with their number by severity after it", async () => {
    const { stowage } = registry({ DescribeImageScanFindings: pages });
    const { code, out, err } = await stowage("images", "findings", "app:1");
    expect([code, err]).toEqual([0, "Scan COMPLETE: 1 critical, 1 medium, 1 low\n"]);
    expect(out.split("\n").map((line) => line.trimEnd())).toEqual([
      "SEVERITY  VULNERABILITY  PACKAGE  INSTALLED  FIXED IN  DESCRIPTION",
      "MEDIUM    CVE-1          openssl  3.0.1      -         about CVE-1",
      "LOW       CVE-2          openssl  3.0.1      -         about CVE-2",
      "CRITICAL  CVE-3          openssl  3.0.1      -         about CVE-3",
      "",
    ]);
  });

  it("are those of a severity and worse", async () => {
    const { stowage } = registry({ DescribeImageScanFindings: pages });
    const { out } = await stowage("images", "findings", "app:1", "--severity", "MEDIUM", "--output", "text");
    expect(out.split("\n").map((line) => line.split("\t")[1])).toEqual(["CVE-1", "CVE-3", undefined]);
  });

  it("fail a build by what lies behind --limit too", async () => {
    const { stowage } = registry({ DescribeImageScanFindings: pages });
    const { code, out, err } = await stowage(
      ..."images findings app:1 --limit 1 --fail-on HIGH --output ndjson".split(" "),
    );
    expect(out.trimEnd().split("\n")).toHaveLength(1);
    expect([code, err]).toEqual([1, "stowage: Findings of severity HIGH or worse: 1.\n"]);
    const fine = registry({
      DescribeImageScanFindings: pages.slice(1).map((page) => ({ ...page, imageScanFindings: {} })),
    });
    expect((await fine.stowage("images", "findings", "app:1", "--fail-on", "HIGH")).code).toBe(0);
  });

  it("ask for no page that --limit does not need", async () => {
    const { stowage, asked } = registry({ DescribeImageScanFindings: pages });
    expect((await stowage("images", "findings", "app:1", "--limit", "2", "--output", "text")).code).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it("of enhanced scanning name each package with its fix, and a failed scan its reason", async () => {
    const enhanced = {
      severity: "HIGH",
      title: "CVE-9 - zlib",
      packageVulnerabilityDetails: {
        vulnerabilityId: "CVE-9",
        vulnerablePackages: [
          { name: "zlib", version: "1.2", fixedInVersion: "1.3" },
          { name: "zlib-dev", version: "1.2" },
        ],
      },
    };
    const imageScanStatus = { status: "FAILED", description: "UnsupportedImageError" };
    const { stowage } = registry({
      DescribeImageScanFindings: [{ imageScanStatus, imageScanFindings: { enhancedFindings: [enhanced] } }],
    });
    const { out, err } = await stowage("images", "findings", "app:1");
    expect(out).toMatch(/HIGH +CVE-9 +zlib, zlib-dev +1\.2, 1\.2 +1\.3 +CVE-9 - zlib\n$/);
    expect(err).toBe("Scan FAILED: UnsupportedImageError\n");
  });
});

describe("stowage images scan", () => {
  it("waits until the scan is complete, or says that it failed", async () => {
    const status = (name: string): object => ({ repositoryName: "app", imageScanStatus: { status: name } });
    const done = registry({ StartImageScan: [status("IN_PROGRESS")], DescribeImageScanFindings: [status("COMPLETE")] });
    expect((await done.stowage("images", "scan", "app:1", "--wait")).out).toMatch(/^Status +COMPLETE$/m);
    const failed = registry({ StartImageScan: [status("IN_PROGRESS")], DescribeImageScanFindings: [status("FAILED")] });
    expect(await failed.stowage("images", "scan", "app:1", "--wait")).toMatchObject({ code: 1, out: "" });
  });
});

describe("stowage lifecycle preview", () => {
  it("starts it with the document, waits, and lists what each rule would do", async () => {
    const page = {
      status: "COMPLETE",
      summary: {
        expiringImageTotalCount: 1,
        transitioningImageTotalCounts: [{ targetStorageClass: "ARCHIVE", imageTotalCount: 2 }],
      },
      previewResults: [
        {
          imageDigest: `sha256:${"0".repeat(64)}`,
          imageTags: ["a", "b"],
          imagePushedAt: 1_795_000_000,
          action: { type: "EXPIRE" },
          appliedRulePriority: 7,
        },
      ],
    };
    const { stowage, asked } = registry({
      StartLifecyclePolicyPreview: [{ status: "IN_PROGRESS" }],
      GetLifecyclePolicyPreview: [page, page],
    });
    const { code, out, err } = await stowage("lifecycle", "preview", "app");
    expect([code, err]).toEqual([0, "1 would expire, 2 would move to ARCHIVE.\n"]);
    expect(out).toMatch(/^ACTION +TAGS +DIGEST +PUSHED +RULE\nEXPIRE +a, b +sha256:000000000000 +\S.* +7\n$/);
    expect(asked[0]).toEqual({ operation: "StartLifecyclePolicyPreview", input: { repositoryName: "app" } });
  });
});

describe("failures", () => {
  it.each([
    ["AccessDeniedException", 4, "Allow the action in a policy"],
    ["UnrecognizedClientException", 4, "Is the access key one of this registry?"],
    ["ExpiredTokenException", 4, "Get new session credentials"],
    ["RegistryPolicyNotFoundException", 3, "stowage registry policy set FILE"],
    ["SomethingNew", 1, ""],
  ])("%s exits with %i and advises %j", async (name, exitCode, advice) => {
    const { stowage } = registry({ DescribeRegistry: [{ __type: name, message: "The server's own words." }] });
    const { code, out, err } = await stowage("registry", "show");
    expect([code, out]).toEqual([exitCode, ""]);
    expect(err.startsWith("stowage: The server's own words.\n")).toBe(true);
    expect(err).toContain(advice);
  });

  it("to look names up leave the failure as it was", async () => {
    const { stowage } = registry({
      DescribeRepositories: [
        { __type: "RepositoryNotFoundException", message: "none" },
        { __type: "AccessDeniedException", message: "not you" },
      ],
    });
    expect(await stowage("repositories", "show", "app")).toEqual({
      code: 3,
      out: "",
      err: "stowage: none\n  See what there is with: stowage repositories list\n",
    });
  });

  it("in a tag that may not move advise how to let it", async () => {
    const { stowage } = registry({
      BatchGetImage: [{ images: [{ imageId: { imageDigest: "sha256:0" }, imageManifest: "{}" }] }],
      PutImage: [{ __type: "ImageTagAlreadyExistsException", message: "immutable" }],
    });
    const { code, err } = await stowage("images", "tag", "app:1", "2");
    expect(code).toBe(1);
    expect(err).toContain("stowage repositories set-mutability app MUTABLE");
  });
});
