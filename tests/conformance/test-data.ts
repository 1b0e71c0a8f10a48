import { createHash, randomBytes, randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";

export const EXAMPLE_TYPE_1 = "application/vnd.example.oci.conformance.v1";
export const EXAMPLE_TYPE_2 = "application/vnd.example.oci.conformance.v2";
export const OCTETS = "application/octet-stream";
export const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
export const IMAGE_TYPE = "application/vnd.oci.image.manifest.v1+json";
export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
export const EMPTY_TYPE = "application/vnd.oci.empty.v1+json";
export const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
export const FOREIGN_LAYER_TYPE = "application/vnd.oci.image.layer.nondistributable.v1.tar";
export const EMPTY_JSON: Content = Buffer.from("{}");

export type Algorithm = "sha256" | "sha512";
export type Content = Uint8Array;

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly data?: string;
  readonly urls?: readonly string[];
  readonly platform?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** How an image is to be made; everything has a default. */
export interface ImageOptions {
  readonly tag?: string;
  readonly algorithm?: Algorithm;
  readonly layerCount?: number;
  readonly compressed?: boolean;
  readonly architecture?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifact?: { readonly type: string; readonly layerType: string; readonly layer?: Content };
  readonly subject?: Descriptor;
  readonly embedData?: boolean;
  readonly extraFields?: boolean;
}

export function digestOf(algorithm: Algorithm, content: Content): string {
  return `${algorithm}:${createHash(algorithm).update(content).digest("hex")}`;
}

/** Blobs, manifests in the order of pushing, and what should be true of them when they are pushed. */
export class TestData {
  readonly name: string;
  readonly tags = new Map<string, string>();
  readonly blobs = new Map<string, Content>();
  readonly manifests = new Map<string, Content>();
  readonly referrers = new Map<string, Descriptor[]>();
  /** Tags go along with the digest, as `?tag=`. */
  readonly tagParameters: boolean;
  /** The bytes pushed are not those of the digest. */
  readonly badDigest: boolean;

  constructor(name: string, { tagParameters = false, badDigest = false } = {}) {
    this.name = name;
    this.tagParameters = tagParameters;
    this.badDigest = badDigest;
  }

  addBlob(
    content: Content,
    { mediaType = OCTETS, algorithm = "sha256" as Algorithm, embedData = false } = {},
  ): Descriptor {
    const digest = digestOf(algorithm, content);
    this.blobs.set(digest, content);
    return {
      mediaType,
      digest,
      size: content.length,
      ...(embedData && { data: Buffer.from(content).toString("base64") }),
    };
  }

  /** An image with layers and config, or an artifact. */
  addImage(options: ImageOptions = {}): Descriptor {
    const { artifact, architecture = "amd64", layerCount = artifact === undefined ? 2 : 1 } = options;
    const blobOptions = { algorithm: options.algorithm ?? "sha256", embedData: options.embedData ?? false };
    const layers = Array.from({ length: layerCount }, (_, at) =>
      artifact === undefined
        ? this.#addLayer(at, options)
        : this.addBlob(artifact.layer ?? randomBytes(2048), { ...blobOptions, mediaType: artifact.layerType }),
    );
    const config =
      artifact === undefined
        ? this.addBlob(configOf(architecture, layers, options), { ...blobOptions, mediaType: CONFIG_TYPE })
        : this.addBlob(EMPTY_JSON, { ...blobOptions, mediaType: EMPTY_TYPE });
    return this.addManifest(config, layers, options);
  }

  addManifest(config: Descriptor, layers: readonly Descriptor[], options: ImageOptions = {}): Descriptor {
    const { artifact, annotations, subject } = options;
    const manifest = {
      schemaVersion: 2,
      mediaType: IMAGE_TYPE,
      ...(artifact && { artifactType: artifact.type }),
      config,
      layers,
      ...(subject && { subject }),
      ...(annotations && { annotations }),
    };
    return this.#keep(manifest, { mediaType: IMAGE_TYPE, artifactType: artifact?.type ?? config.mediaType }, options);
  }

  /** An index over images of two architectures, or over those given. */
  addIndex(options: ImageOptions & { readonly children?: readonly Descriptor[] } = {}): Descriptor {
    const { artifact, annotations, subject, tag: _tag, subject: _subject, ...child } = options;
    const children =
      options.children ??
      ["amd64", "arm64"].map((architecture) => ({
        ...this.addImage({ ...child, ...(artifact && { artifact }), architecture }),
        platform: { os: "linux", architecture },
      }));
    const index = {
      schemaVersion: 2,
      mediaType: INDEX_TYPE,
      ...(artifact && { artifactType: artifact.type }),
      manifests: children,
      ...(subject && { subject }),
      ...(annotations && { annotations }),
    };
    return this.#keep(index, { mediaType: INDEX_TYPE, artifactType: artifact?.type }, options);
  }

  #addLayer(at: number, options: ImageOptions): Descriptor {
    const text = Buffer.from(`conformance file ${at}: ${randomUUID()}\n`);
    const compressed = options.compressed ?? true;
    return this.addBlob(compressed ? gzipSync(text) : text, {
      mediaType: compressed ? `${LAYER_TYPE}+gzip` : LAYER_TYPE,
      algorithm: options.algorithm ?? "sha256",
      embedData: options.embedData ?? false,
    });
  }

  #keep(
    manifest: { readonly annotations?: Readonly<Record<string, string>> },
    kind: { readonly mediaType: string; readonly artifactType: string | undefined },
    { tag, subject, algorithm = "sha256", embedData = false, extraFields = false }: ImageOptions,
  ): Descriptor {
    const bytes = Buffer.from(JSON.stringify(extraFields ? withExtraFields(manifest) : manifest));
    const digest = digestOf(algorithm, bytes);
    this.manifests.set(digest, this.badDigest ? Buffer.concat([bytes, Buffer.from("  ")]) : bytes);
    if (tag !== undefined) this.tags.set(tag, digest);
    const descriptor = { mediaType: kind.mediaType, digest, size: bytes.length };
    if (subject !== undefined) {
      const known = this.referrers.get(subject.digest) ?? [];
      const { artifactType } = kind;
      const { annotations } = manifest;
      const referrer = {
        ...descriptor,
        ...(artifactType !== undefined && { artifactType }),
        ...(annotations && { annotations }),
      };
      this.referrers.set(subject.digest, [...known, referrer]);
    }
    return { ...descriptor, ...(embedData && { data: bytes.toString("base64") }) };
  }
}

function configOf(architecture: string, layers: readonly Descriptor[], { extraFields = false }: ImageOptions): Content {
  const config = {
    author: "conformance",
    architecture,
    os: "linux",
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
  };
  return Buffer.from(JSON.stringify(extraFields ? withExtraFields(config) : config));
}

function withExtraFields(document: object): object {
  return { ...document, "org.example.unknown": randomUUID(), unknownObject: { nested: [1, 2, { deep: null }] } };
}
