import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_MANIFEST_DEPTH } from "./json.ts";
import { MAX_DESCRIPTORS, parseManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { mediaTypes } from "./media-types.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const layer = { mediaType: mediaTypes.ociLayerGzip, digest, size: 5 };
const config = { mediaType: mediaTypes.ociConfig, digest, size: 2 };
const image = { schemaVersion: 2, mediaType: mediaTypes.ociImage, config, layers: [layer] };
const child = { mediaType: mediaTypes.ociImage, digest, size: 7, platform: { architecture: "arm64", os: "linux" } };
const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [child] };

function bytesOf(body: unknown): Uint8Array {
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

function parsed(body: unknown, contentType?: string): Manifest {
  const result = parseManifest(bytesOf(body), contentType);
  if (!result.ok) throw new Error(`${result.failure.reason}: ${result.failure.message}`);
  return result.manifest;
}

function reasonOf(body: unknown, contentType?: string): string {
  const result = parseManifest(
    typeof body === "object" && body instanceof Uint8Array ? body : bytesOf(body),
    contentType,
  );
  return result.ok ? "taken" : result.failure.reason;
}

describe("an image manifest", () => {
  it("is read with everything that a registry needs", () => {
    const platform = {
      architecture: "amd64",
      os: "windows",
      "os.version": "10",
      "os.features": ["win32k"],
      variant: "v8",
      features: ["sse4"],
    };
    const body = {
      ...image,
      artifactType: "application/x.sbom",
      layers: [
        {
          ...layer,
          urls: ["https://example.com/a"],
          annotations: { k: "v" },
          data: "e30=",
          platform,
          artifactType: "a/b",
          extra: 1,
        },
        { ...layer, mediaType: mediaTypes.dockerForeignLayerGzip },
      ],
      subject: { mediaType: mediaTypes.ociImage, digest, size: 1 },
      annotations: { "org.opencontainers.image.created": "2020" },
    };
    expect(parsed(body)).toEqual({
      kind: "image",
      mediaType: mediaTypes.ociImage,
      artifactType: "application/x.sbom",
      config: { mediaType: mediaTypes.ociConfig, digest, sizeBytes: 2 },
      layers: [
        {
          mediaType: mediaTypes.ociLayerGzip,
          digest,
          sizeBytes: 5,
          artifactType: "a/b",
          urls: ["https://example.com/a"],
          annotations: { k: "v" },
          data: "e30=",
          platform: {
            architecture: "amd64",
            os: "windows",
            osVersion: "10",
            osFeatures: ["win32k"],
            variant: "v8",
            features: ["sse4"],
          },
          foreign: false,
        },
        { mediaType: mediaTypes.dockerForeignLayerGzip, digest, sizeBytes: 5, foreign: true },
      ],
      manifests: [],
      subject: { mediaType: mediaTypes.ociImage, digest, sizeBytes: 1 },
      annotations: { "org.opencontainers.image.created": "2020" },
    });
  });

  it.each([[[]], [null], [undefined]])("may have no layers, written as %j", (layers) => {
    expect(parsed({ ...image, layers }).layers).toEqual([]);
  });

  it("takes its media type from the sender when it has none of its own", () => {
    const { mediaType: _none, ...silent } = image;
    expect(parsed(silent, `${mediaTypes.ociImage}; charset=utf-8`).mediaType).toBe(mediaTypes.ociImage);
    expect(parsed({ ...silent, mediaType: "" }, mediaTypes.ociImage).kind).toBe("image");
    expect(reasonOf(silent)).toBe("media-type-missing");
    expect(reasonOf(silent, "application/json")).toBe("unsupported-media-type");
  });

  it("takes a digest of an unknown algorithm", () => {
    expect(parsed({ ...image, config: { ...config, digest: "blake3:ab" } }).kind).toBe("image");
  });
});

describe("an index", () => {
  it("is read with the platforms of its manifests", () => {
    expect(parsed(index)).toEqual({
      kind: "index",
      mediaType: mediaTypes.ociIndex,
      layers: [],
      manifests: [
        { mediaType: mediaTypes.ociImage, digest, sizeBytes: 7, platform: { architecture: "arm64", os: "linux" } },
      ],
      annotations: {},
    });
    expect(parsed({ ...index, mediaType: mediaTypes.dockerIndex }).kind).toBe("index");
  });

  it.each([[[]], [null]])("may be empty, written as %j", (manifests) => {
    expect(parsed({ ...index, manifests }).manifests).toEqual([]);
  });
});

describe("what is no manifest", () => {
  it.each([
    ["no JSON", "{", "malformed-json"],
    ["nothing", "", "malformed-json"],
    ["a byte order mark", `\uFEFF${JSON.stringify(image)}`, "malformed-json"],
    ["bytes that are not UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "malformed-json"],
    ["a list", [], "wrong-shape"],
    ["null", null, "wrong-shape"],
    ["schemaVersion 3", { ...image, schemaVersion: 3 }, "wrong-shape"],
    ["schemaVersion as text", { ...image, schemaVersion: "2" }, "wrong-shape"],
    ["no schemaVersion", { ...image, schemaVersion: undefined }, "wrong-shape"],
    ["a media type that is no text", { ...image, mediaType: 5 }, "wrong-shape"],
    ["an image without config", { ...image, config: undefined }, "wrong-shape"],
    ["layers that are no list", { ...image, layers: {} }, "wrong-shape"],
    ["an index without manifests", { ...index, manifests: undefined }, "wrong-shape"],
    ["annotations that are no texts", { ...image, annotations: { a: 1 } }, "wrong-shape"],
    ["annotations that are a list", { ...image, annotations: [] }, "wrong-shape"],
    ["an artifact type that is no text", { ...image, artifactType: {} }, "wrong-shape"],
    ["an image that lists manifests", { ...image, manifests: [] }, "ambiguous"],
    ["an index that lists layers", { ...index, layers: [] }, "ambiguous"],
    ["an index with a config", { ...index, config }, "ambiguous"],
    ["schema 1", { schemaVersion: 1, name: "app", fsLayers: [] }, "schema-1"],
    ["schema 1 by its media type", { schemaVersion: 1, mediaType: mediaTypes.dockerSchema1Signed }, "schema-1"],
    ["the withdrawn artifact manifest", { mediaType: mediaTypes.ociArtifact }, "withdrawn"],
    ["the artifact manifest of ORAS", { mediaType: mediaTypes.orasArtifact }, "withdrawn"],
    ["another media type", { schemaVersion: 2, mediaType: "application/json" }, "unsupported-media-type"],
    ["a subject that is no descriptor", { ...image, subject: "x" }, "invalid-descriptor"],
    ["a config that is no descriptor", { ...image, config: [] }, "invalid-descriptor"],
  ])("is refused: %s", (_case, body, reason) => {
    expect(reasonOf(body)).toBe(reason);
  });

  it("is refused as what it was sent as, too", () => {
    expect(reasonOf({ schemaVersion: 1 }, mediaTypes.dockerSchema1)).toBe("schema-1");
    expect(reasonOf({}, mediaTypes.ociArtifact)).toBe("withdrawn");
    expect(reasonOf(image, mediaTypes.ociIndex)).toBe("media-type-mismatch");
    expect(reasonOf(image, mediaTypes.dockerImage)).toBe("media-type-mismatch");
    expect(reasonOf({ ...image, mediaType: "constructor" })).toBe("unsupported-media-type");
  });

  it.each([
    ["no media type", { mediaType: undefined }],
    ["an empty media type", { mediaType: "" }],
    ["no digest", { digest: undefined }],
    ["a bad digest", { digest: "sha256:baddigeststring" }],
    ["a digest in capitals", { digest: `sha256:${"AB".repeat(32)}` }],
    ["no size", { size: undefined }],
    ["a negative size", { size: -1 }],
    ["a fraction as size", { size: 1.5 }],
    ["a size as text", { size: "5" }],
    ["a size past exact integers", { size: 2 ** 53 }],
    ["urls that are no list", { urls: "https://example.com" }],
    ["urls that are no texts", { urls: [1] }],
    ["annotations that are no texts", { annotations: { a: null } }],
    ["data that is no text", { data: {} }],
    ["a platform that is no object", { platform: "linux" }],
    ["an architecture that is no text", { platform: { architecture: 1 } }],
  ])("is refused when a descriptor has %s", (_case, change) => {
    const result = parseManifest(bytesOf({ ...image, layers: [layer, { ...layer, ...change }] }));
    expect(result).toMatchObject({ ok: false, failure: { reason: "invalid-descriptor" } });
    expect(result.ok ? "" : result.failure.message).toMatch(/^layers\[1\] /);
  });
});

describe("hostile manifests", () => {
  it("are read to the deepest nesting allowed and refused one past it", () => {
    const nested = (depth: number): string =>
      JSON.stringify(image).replace(/\}$/, `,"x":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect(reasonOf(nested(MAX_MANIFEST_DEPTH - 1))).toBe("taken");
    expect(reasonOf(nested(MAX_MANIFEST_DEPTH))).toBe("too-deep");
    expect(reasonOf("[".repeat(4_194_304))).toBe("too-deep");
    expect(reasonOf('{"a":'.repeat(500_000))).toBe("too-deep");
  });

  it("may hold any brackets in texts", () => {
    const text = `${'{["\\'.repeat(200)}`;
    expect(parsed({ ...image, annotations: { [text]: text } }).annotations).toEqual({ [text]: text });
  });

  it("list as many descriptors as allowed and are refused one past it", () => {
    const layers = Array.from({ length: MAX_DESCRIPTORS }, () => layer);
    expect(parsed({ ...image, layers }).layers).toHaveLength(MAX_DESCRIPTORS);
    expect(reasonOf({ ...image, layers: [...layers, layer] })).toBe("too-many-descriptors");
    expect(reasonOf({ ...index, manifests: [...layers, layer] })).toBe("too-many-descriptors");
  });

  it("never speak through a prototype", () => {
    const text = JSON.stringify(image).replace(/^\{/, '{"__proto__":{"manifests":[],"artifactType":"x/y"},');
    const manifest = parsed(text);
    expect(manifest.artifactType).toBeUndefined();
    expect(reasonOf(`{"__proto__":${JSON.stringify(image)}}`)).toBe("media-type-missing");
    const { annotations } = parsed(JSON.stringify(image).replace(/\}$/, ',"annotations":{"__proto__":"x"}}'));
    expect(Object.entries(annotations)).toEqual([["__proto__", "x"]]);
    expect(annotations["constructor"]).toBeUndefined();
  });

  it("never make the parser fail otherwise than by its answer", () => {
    const member = fc.constantFrom(undefined, null, 0, "", "x", [], {}, [layer], [{}], config, child);
    const body = fc.record({
      schemaVersion: fc.constantFrom(1, 2, "2", undefined),
      mediaType: fc.constantFrom(...Object.values(mediaTypes), undefined, 1),
      config: member,
      layers: member,
      manifests: member,
      subject: member,
      annotations: member,
      artifactType: member,
    });
    fc.assert(
      fc.property(
        fc.oneof(body, fc.jsonValue()),
        fc.constantFrom(undefined, "", ...Object.values(mediaTypes)),
        (json, type) => {
          expect(reasonOf(json, type)).toMatch(/^[a-z1-]+$/);
        },
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(parseManifest(bytes).ok).toBe(false);
      }),
    );
  });
});
