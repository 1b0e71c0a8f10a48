import { randomBytes, randomUUID } from "node:crypto";
import {
  CONFIG_TYPE,
  digestOf,
  EMPTY_JSON,
  EMPTY_TYPE,
  EXAMPLE_TYPE_1,
  EXAMPLE_TYPE_2,
  FOREIGN_LAYER_TYPE,
  IMAGE_TYPE,
  LAYER_TYPE,
  OCTETS,
  TestData,
  type Algorithm,
} from "./test-data.ts";

/** Kinds of content that the original program pushes, pulls, lists and deletes, in its order. */
export interface DataSet {
  readonly name: string;
  /** Needs the version's `?tag=`. */
  readonly tagParameters?: boolean;
  build(): TestData;
}

const EXAMPLE = { type: EXAMPLE_TYPE_1, layerType: EXAMPLE_TYPE_1 };

export const dataSets: readonly DataSet[] = [
  set("image", (data) => data.addImage({ tag: "image" })),
  set("image uncompressed", (data) => data.addImage({ tag: "image-uncompressed", compressed: false })),
  set("image with a manifest of 3.9 MB", (data) =>
    data.addImage({ tag: "large-manifest", annotations: largeAnnotations() }),
  ),
  set("index", (data) => data.addIndex({ tag: "index" })),
  set("nested index", (data) => data.addIndex({ tag: "index-of-index", children: [data.addIndex(), data.addIndex()] })),
  set("empty index", (data) => data.addIndex({ tag: "index", children: [] })),
  set("artifact", (data) => data.addImage({ tag: "artifact", artifact: EXAMPLE })),
  set("artifact index", (data) => data.addIndex({ tag: "artifact-index", artifact: EXAMPLE })),
  set("artifact without layers", (data) =>
    data.addImage({
      tag: "artifact-without-layers",
      artifact: { type: EXAMPLE_TYPE_1, layerType: EMPTY_TYPE, layer: EMPTY_JSON },
    }),
  ),
  set("artifacts with subject", addArtifactsWithSubject),
  set("index with subject", (data) => {
    const subject = data.addIndex({ tag: "index" });
    data.addIndex({ tag: "tagged-artifact", artifact: EXAMPLE, annotations: annotations(), subject });
  }),
  set("missing subject", (data) => {
    const subject = { mediaType: IMAGE_TYPE, size: 123, digest: digestOf("sha256", Buffer.from(randomUUID())) };
    data.addImage({ tag: "tagged-artifact", artifact: EXAMPLE, annotations: annotations(), subject });
  }),
  set("data field", (data) => data.addImage({ tag: "data-field", embedData: true })),
  set("non-distributable layers", addForeignLayers),
  set("custom fields", (data) => data.addIndex({ tag: "custom-fields", extraFields: true })),
  set("no layers", (data) => data.addImage({ tag: "no-layers", layerCount: 0 })),
  set("digest algorithm sha512", (data) => data.addIndex({ algorithm: "sha512" })),
  tagParameterSet("sha256"),
  tagParameterSet("sha512"),
  {
    name: "bad digest image",
    build: () => {
      const data = new TestData("bad digest image", { badDigest: true });
      data.addImage();
      return data;
    },
  },
];

function set(name: string, fill: (data: TestData) => unknown): DataSet {
  return {
    name,
    build: () => {
      const data = new TestData(name);
      fill(data);
      return data;
    },
  };
}

/** Every manifest gets a tag with its digest, the index two. */
function tagParameterSet(algorithm: Algorithm): DataSet {
  const name = `tag parameter ${algorithm}`;
  return {
    name,
    tagParameters: true,
    build: () => {
      const data = new TestData(name, { tagParameters: true });
      data.addIndex({ tag: `tag-param-${algorithm}`, algorithm });
      for (const [at, digest] of [...data.manifests.keys()].entries())
        data.tags.set(`tag-param-${algorithm}-${at}`, digest);
      return data;
    },
  };
}

function addArtifactsWithSubject(data: TestData): void {
  const subject = data.addImage({ tag: "image" });
  data.addImage({ subject });
  data.addImage({ tag: "tagged-artifact1", artifact: EXAMPLE, annotations: annotations(), subject });
  data.addImage({
    tag: "tagged-artifact2",
    artifact: { type: EXAMPLE_TYPE_2, layerType: OCTETS },
    annotations: annotations(),
    subject,
  });
}

/** Two layers that live elsewhere and one that is pushed. */
function addForeignLayers(data: TestData): void {
  const foreign = [`${FOREIGN_LAYER_TYPE}+gzip`, FOREIGN_LAYER_TYPE].map((mediaType) => {
    const digest = digestOf("sha256", randomBytes(256));
    return { mediaType, digest, size: 123456, urls: [`https://store.example.com/blobs/${digest}`] };
  });
  const layer = data.addBlob(randomBytes(256), { mediaType: LAYER_TYPE });
  const config = data.addBlob(Buffer.from(JSON.stringify({ os: "linux", architecture: "amd64" })), {
    mediaType: CONFIG_TYPE,
  });
  data.addManifest(config, [...foreign, layer], { tag: "non-distributable-image" });
}

function annotations(): Readonly<Record<string, string>> {
  return { "org.opencontainers.conformance": "hello conformance test", [`org.example.${randomUUID()}`]: randomUUID() };
}

function largeAnnotations(): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: 390 }, (_, at) => [`large-annotation-${at}`, "A".repeat(10_000)]));
}
