import { MAX_REPOSITORY_NAME_LENGTH } from "@stowage/model";
import { describe, expect, it } from "vitest";
import { manifestPath, pathOf } from "./names.ts";

describe("a repository's path", () => {
  it("is made of names as long as ECR's may be, and of none that is longer", () => {
    const longest = "a".repeat(MAX_REPOSITORY_NAME_LENGTH);
    expect(pathOf(longest, "tags/list")).toBe(`/v2/${longest}/tags/list`);
    expect(() => pathOf(`${longest}a`, "tags/list")).toThrow("No repository is named");
  });

  it("is made of tags of 128 characters, and of none that is longer", () => {
    const longest = "t".repeat(128);
    expect(manifestPath("a/b", longest)).toBe(`/v2/a/b/manifests/${longest}`);
    expect(() => manifestPath("a/b", `${longest}t`)).toThrow("is neither a tag nor a digest");
  });
});
