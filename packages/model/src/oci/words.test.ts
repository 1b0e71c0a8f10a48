import { describe, expect, it } from "vitest";
import {
  digestAlgorithm,
  digestEncoded,
  digestOf,
  isDigest,
  isSupportedDigest,
  MAX_DIGEST_LENGTH,
  parseDigest,
} from "./digest.ts";
import { isForeignLayer, manifestKind, mediaTypeOf, mediaTypes } from "./media-types.ts";
import { isTag, parseReference } from "./reference.ts";
import { isRepositoryName } from "./repository-name.ts";

const SHA256 = `sha256:${"ab".repeat(32)}`;
const SHA512 = `sha512:${"0".repeat(128)}`;

describe("a digest", () => {
  it.each([SHA256, SHA512])("of a registered algorithm is supported: %s", (text) => {
    const digest = parseDigest(text);
    expect(digest).toBe(text);
    expect(digest !== undefined && isSupportedDigest(digest)).toBe(true);
  });

  it.each([`blake3:${"ab".repeat(32)}`, "md5:abc", "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3", "a.b_c-d+e:A=_-9"])(
    "of another algorithm is well formed but not supported: %s",
    (text) => {
      const digest = parseDigest(text);
      expect(digest).toBe(text);
      expect(digest !== undefined && isSupportedDigest(digest)).toBe(false);
    },
  );

  it.each([
    "",
    "sha256",
    "sha256:",
    ":abc",
    `sha256:${"ab".repeat(31)}`,
    `sha256:${"ab".repeat(33)}`,
    `sha256:${"AB".repeat(32)}`,
    `sha256:${"zz".repeat(32)}`,
    `SHA256:${"ab".repeat(32)}`,
    `sha512:${"ab".repeat(32)}`,
    `${SHA256}\n`,
    ` ${SHA256}`,
    "a..b:abc",
    "+a:abc",
    "a:b:c",
    "a:b/c",
    "sha256:baddigeststring",
  ])("is not %j", (text) => {
    expect(parseDigest(text)).toBeUndefined();
  });

  it("is taken to its limit and not one past it", () => {
    const longest = `x:${"a".repeat(MAX_DIGEST_LENGTH - 2)}`;
    expect(isDigest(longest)).toBe(true);
    expect(isDigest(`${longest}a`)).toBe(false);
    expect(isDigest("a-".repeat(500_000))).toBe(false);
  });

  it("is made of a hash and comes apart again", () => {
    const digest = digestOf("sha256", "ab".repeat(32));
    expect(digest).toBe(SHA256);
    expect(digestAlgorithm(digest)).toBe("sha256");
    expect(digestEncoded(digest)).toBe("ab".repeat(32));
    expect(() => digestOf("sha512", "ab".repeat(32))).toThrow(TypeError);
  });
});

describe("a tag", () => {
  it.each(["latest", "v1.2.3", "_x", "A-b_c.d", "1", "a".repeat(128)])("is %j", (text) => {
    expect(isTag(text)).toBe(true);
    expect(parseReference(text)).toEqual({ kind: "tag", tag: text });
  });

  it.each(["", ".a", "-a", "a b", "a/b", "a:", "ä", "a\n", "a".repeat(129)])("is not %j", (text) => {
    expect(isTag(text)).toBe(false);
    expect(parseReference(text)).toBeUndefined();
  });
});

describe("a reference", () => {
  it("is a digest when it has the form of one", () => {
    expect(parseReference(SHA256)).toEqual({ kind: "digest", digest: SHA256 });
    expect(parseReference("sha256:baddigeststring")).toBeUndefined();
  });
});

describe("a repository's name", () => {
  it.each(["ab", "a/b", "a.b_c__d-e---f/g", "blobs/uploads/manifests", "0a", "a".repeat(256)])("is %j", (text) => {
    expect(isRepositoryName(text)).toBe(true);
  });

  it.each(["", "a", "A/b", "a/", "/a", "a//b", "a..b", "a___b", "a._b", "-ab", "ab-", "a b", "ab\n", "a".repeat(257)])(
    "is not %j",
    (text) => {
      expect(isRepositoryName(text)).toBe(false);
    },
  );

  it("is judged at once however it is made", () => {
    for (const pump of ["a", "a-", "a/", "-", "a__", "a."]) {
      expect(isRepositoryName(`${pump.repeat(255).slice(0, 255)}!`)).toBe(false);
      expect(isRepositoryName(pump.repeat(1_000_000))).toBe(false);
    }
  });
});

describe("media types", () => {
  it.each([
    [mediaTypes.ociImage, "image"],
    [mediaTypes.dockerImage, "image"],
    [mediaTypes.ociIndex, "index"],
    [mediaTypes.dockerIndex, "index"],
    [mediaTypes.dockerSchema1, "schema1"],
    [mediaTypes.dockerSchema1Signed, "schema1"],
    [mediaTypes.ociArtifact, "withdrawn"],
    [mediaTypes.orasArtifact, "withdrawn"],
    [mediaTypes.ociConfig, "other"],
    ["application/json", "other"],
    ["constructor", "other"],
  ])("tell what %s makes of a manifest", (mediaType, kind) => {
    expect(manifestKind(mediaType)).toBe(kind);
  });

  it("tell foreign layers from others", () => {
    const foreign = Object.values(mediaTypes).filter(isForeignLayer);
    expect(foreign).toEqual([
      mediaTypes.ociForeignLayer,
      mediaTypes.ociForeignLayerGzip,
      mediaTypes.ociForeignLayerZstd,
      mediaTypes.dockerForeignLayerGzip,
    ]);
  });

  it("are read from a Content-Type without its parameters", () => {
    expect(mediaTypeOf(" Application/JSON ; charset=utf-8")).toBe("application/json");
    expect(mediaTypeOf("")).toBe("");
  });
});
