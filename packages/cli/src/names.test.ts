import { describe, expect, it } from "vitest";
import { formatImageName, parseImageName, parseRepositoryName } from "./image-name.ts";
import { parseRemoteImage } from "./remote-image.ts";
import { similarNames } from "./similar.ts";

const DIGEST = `sha256:${"0".repeat(64)}`;

describe("similar names", () => {
  it.each([
    ["team/ap", ["team/app", "team/job"], ["team/app"]],
    ["app", ["team/app", "other"], ["team/app"]],
    ["team/app", ["app", "team/aps"], ["app", "team/aps"]],
    ["stabel", ["stable", "latest"], ["stable"]],
    ["lattest", ["latest", "lastest", "later"], ["lastest", "latest"]],
    ["x", ["abcdef"], []],
    ["same", ["same"], ["same"]],
    ["aaaa", ["aaab", "aaac", "aaad", "aaae"], ["aaab", "aaac", "aaad"]],
  ])("of %j among %j are %j", (name, known, similar) => {
    expect(similarNames(name, known)).toEqual(similar);
  });

  it("are not looked for beyond what a repository's name can be", () => {
    expect(similarNames("a".repeat(256), [`${"a".repeat(255)}b`])).toHaveLength(1);
    expect(similarNames("a".repeat(257), [`${"a".repeat(255)}b`])).toEqual([]);
  });
});

describe("an image's name", () => {
  it.each([
    ["team/app:1.0", "team/app", { imageTag: "1.0" }],
    [`team/app@${DIGEST}`, "team/app", { imageDigest: DIGEST }],
    [`app:1.0@${DIGEST}`, "app", { imageTag: "1.0", imageDigest: DIGEST }],
    ["localhost:5100/team/app:1.0", "team/app", { imageTag: "1.0" }],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:x", "app", { imageTag: "x" }],
    ["[::1]:5100/app:x", "app", { imageTag: "x" }],
    ["with.dot/app:x", "with.dot/app", { imageTag: "x" }],
  ])("%s is read", (text, repositoryName, imageId) => {
    expect(parseImageName(text)).toEqual({ repositoryName, imageId });
    expect(formatImageName(repositoryName, imageId)).toBe(
      text.replace(/^(?:localhost:5100|\[::1\]:5100|1234[^/]*)\//, ""),
    );
  });

  it.each(["team/app", "", ":x", "a:b:c", "@sha256:0"])("%j is none", (text) => {
    expect(() => parseImageName(text)).toThrow("names no image");
  });

  it("without tag may be pasted from a repository's address", () => {
    expect(parseRepositoryName("localhost:5100/team/app")).toBe("team/app");
    expect(parseRepositoryName("team/app")).toBe("team/app");
  });
});

describe("an image of any registry", () => {
  it.each([
    ["team/app:1", undefined, "team/app", "1", undefined],
    ["app", undefined, "app", undefined, undefined],
    ["localhost:5100/app:1", "http://localhost:5100", "app", "1", undefined],
    ["127.0.0.1/app:1", "http://127.0.0.1", "app", "1", undefined],
    ["ghcr.io/o/app:1", "https://ghcr.io", "o/app", "1", undefined],
    ["http://registry.lan:5000/app:1", "http://registry.lan:5000", "app", "1", undefined],
    ["https://localhost:5100/app:1", "https://localhost:5100", "app", "1", undefined],
    ["http://registry/app", "http://registry", "app", undefined, undefined],
    ["docker.io/alpine:3", "https://registry-1.docker.io", "library/alpine", "3", undefined],
    ["docker.io/org/app:3", "https://registry-1.docker.io", "org/app", "3", undefined],
    [`host.example.com/app@${DIGEST}`, "https://host.example.com", "app", undefined, DIGEST],
  ])("%s is read", (text, ...[endpoint, repository, tag, digest]) => {
    expect(parseRemoteImage(text)).toEqual({ endpoint, repository, tag, digest });
  });

  it.each(["", "http://", "http://app", "a b:c:d", "host.example.com/"])("%j is none", (text) => {
    expect(() => parseRemoteImage(text)).toThrow("names no image");
  });
});
