import { describe, expect, it } from "vitest";
import { ecrTable } from "../ecr/table/table.ts";
import { MAX_ISSUES } from "../table/validate.ts";
import type { ShapeName } from "./generated/shape-names.ts";
import { validate } from "./validate.ts";

const shapeNames = Object.keys(ecrTable.shapes) as ShapeName[];

describe("validate", () => {
  it("finds nothing wrong with what the service takes", () => {
    expect(
      validate("CreateRepositoryRequest", { repositoryName: "team/app", tags: [{ Key: "k", Value: "v" }] }),
    ).toEqual([]);
    expect(validate("Repository", { createdAt: new Date(0) })).toEqual([]);
    expect(validate("RepositoryName", "team/app")).toEqual([]);
  });

  it("tells path, constraint and ECR's message", () => {
    expect(validate("CreateRepositoryRequest", { repositoryName: "team/app", tags: [{ Key: "k" }] })).toEqual([
      {
        path: ["tags", 0, "Value"],
        field: "tags.1.member.value",
        constraint: "Member must not be null",
        message: "Invalid parameter at 'tags.1.member.value' failed to satisfy constraint: 'Member must not be null'",
      },
    ]);
  });

  it.each([
    ["CreateRepositoryRequest", { repositoryName: 5 }, "repositoryName", "a string"],
    ["CreateRepositoryRequest", { repositoryName: "app", tags: {} }, "tags", "a list"],
    [
      "CreateRepositoryRequest",
      { repositoryName: "app", imageScanningConfiguration: { scanOnPush: "yes" } },
      "imageScanningConfiguration.scanOnPush",
      "a boolean",
    ],
    [
      "CreateRepositoryRequest",
      { repositoryName: "app", imageScanningConfiguration: [] },
      "imageScanningConfiguration",
      "a structure",
    ],
    ["CreateRepositoryRequest", { repositoryName: "app", tags: ["k"] }, "tags.1.member", "a structure"],
    ["DescribeRepositoriesRequest", { maxResults: "10" }, "maxResults", "an integer of 32 bits"],
    ["DescribeRepositoriesRequest", { maxResults: 2 ** 31 }, "maxResults", "an integer of 32 bits"],
    [
      "UploadLayerPartRequest",
      {
        repositoryName: "app",
        uploadId: "00000000-0000-0000-0000-000000000000",
        partFirstByte: 0.5,
        partLastByte: 1,
        layerPartBlob: new Uint8Array(1),
      },
      "partFirstByte",
      "an integer",
    ],
    [
      "UploadLayerPartRequest",
      {
        repositoryName: "app",
        uploadId: "00000000-0000-0000-0000-000000000000",
        partFirstByte: 0,
        partLastByte: 1,
        layerPartBlob: "AA",
      },
      "layerPartBlob",
      "bytes",
    ],
    ["Repository", { createdAt: 5 }, "createdAt", "a valid time"],
    ["Repository", { createdAt: new Date(Number.NaN) }, "createdAt", "a valid time"],
    ["CvssScore", { baseScore: Number.NaN }, "baseScore", "a number"],
    ["ImageScanFindings", { findingSeverityCounts: [] }, "findingSeverityCounts", "a map"],
    [
      "ImageScanFindings",
      { findingSeverityCounts: { HIGH: "1" } },
      "findingSeverityCounts.HIGH.member",
      "an integer of 32 bits",
    ],
  ] satisfies readonly (readonly [ShapeName, unknown, string, string])[])(
    "tells a value of another type, once: %s %j",
    (name, value, field, kind) => {
      const issues = validate(name, value);
      expect(issues.map((issue) => [issue.field, issue.constraint])).toEqual([[field, `Member must be ${kind}`]]);
    },
  );

  it("tells of wrong types and broken constraints together", () => {
    const issues = validate("CreateRepositoryRequest", { repositoryName: "A", tags: "none" });
    expect(issues.map(({ field }) => field)).toEqual(["tags", "repositoryName"]);
  });

  it("is bounded", () => {
    const tags = Array.from({ length: 10_000 }, () => 1);
    expect(validate("CreateRepositoryRequest", { repositoryName: "app", tags })).toHaveLength(MAX_ISSUES);
  });

  it("passes over members that the shape does not have", () => {
    expect(validate("DescribeRepositoriesRequest", { later: 1 })).toEqual([]);
  });

  it.each([undefined, null, 1, "text", true, [], {}, [[]], Symbol("x"), () => 1, new Date(), new Uint8Array(1), 1n])(
    "answers issues for whatever it is given, of any shape",
    (value) => {
      for (const name of shapeNames) expect(Array.isArray(validate(name, value))).toBe(true);
    },
  );
});
