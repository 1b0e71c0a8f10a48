import { parseDescriptor } from "./descriptor.ts";
import type { Descriptor } from "./descriptor.ts";
import { own, parseJsonObject, textMap } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { ManifestRefusal } from "./manifest-failure.ts";
import type { ManifestFailure } from "./manifest-failure.ts";
import { isForeignLayer, manifestKind, mediaTypeOf } from "./media-types.ts";

export interface ManifestLayer extends Descriptor {
  /** The blob may live elsewhere and need not be in the registry. */
  readonly foreign: boolean;
}

interface ManifestCommon {
  /** The body's own, else the Content-Type's. */
  readonly mediaType: string;
  readonly artifactType?: string;
  /** The manifest that this one refers to; it need not exist. */
  readonly subject?: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ImageManifest extends ManifestCommon {
  readonly kind: "image";
  readonly config: Descriptor;
  readonly layers: readonly ManifestLayer[];
  readonly manifests: readonly [];
}

export interface IndexManifest extends ManifestCommon {
  readonly kind: "index";
  readonly config?: never;
  readonly layers: readonly [];
  readonly manifests: readonly Descriptor[];
}

/** What a registry needs of a manifest. It is read from the bytes and never written back. */
export type Manifest = ImageManifest | IndexManifest;

export type ManifestResult =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly failure: ManifestFailure };

/** Layers, or manifests, of one manifest. */
export const MAX_DESCRIPTORS = 10_000;

/**
 * Reads an OCI or Docker schema 2 image manifest or index. Callers bound the bytes (4 MiB).
 * @param contentType says the media type of a body that doesn't, and must agree with one that does
 * Source: image-spec, manifest and image-index; the refusals are data-plane decisions of the registry.
 */
export function parseManifest(bytes: Uint8Array, contentType?: string): ManifestResult {
  try {
    return { ok: true, manifest: readManifest(parseJsonObject(bytes), contentType) };
  } catch (error) {
    if (!(error instanceof ManifestRefusal)) throw error;
    return { ok: false, failure: { reason: error.reason, message: error.message } };
  }
}

function readManifest(body: JsonObject, contentType: string | undefined): Manifest {
  const mediaType = decideMediaType(body, contentType);
  const kind = manifestKind(mediaType);
  if (kind === "schema1" || own(body, "schemaVersion") === 1) {
    throw new ManifestRefusal("schema-1", "Manifests of schema version 1 are not supported");
  }
  if (kind === "withdrawn") throw new ManifestRefusal("withdrawn", `The media type ${mediaType} was withdrawn`);
  if (kind === "other") {
    throw new ManifestRefusal("unsupported-media-type", `${mediaType} is no media type of a manifest`);
  }
  if (own(body, "schemaVersion") !== 2) throw new ManifestRefusal("wrong-shape", "schemaVersion is not 2");
  const artifactType = own(body, "artifactType");
  if (artifactType !== undefined && typeof artifactType !== "string") {
    throw new ManifestRefusal("wrong-shape", "artifactType is not a text");
  }
  const subject = own(body, "subject");
  const common: ManifestCommon = {
    mediaType,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(subject === undefined ? {} : { subject: parseDescriptor(subject, "subject") }),
    annotations: readAnnotations(body),
  };
  return kind === "image" ? readImage(body, common) : readIndex(body, common);
}

/** A body that calls itself something else than its sender does could be read in two ways (CVE-2021-41190). */
function decideMediaType(body: JsonObject, contentType: string | undefined): string {
  const inBody = own(body, "mediaType");
  if (inBody !== undefined && typeof inBody !== "string") {
    throw new ManifestRefusal("wrong-shape", "mediaType is not a text");
  }
  const sent = contentType === undefined ? "" : mediaTypeOf(contentType);
  if (inBody === undefined || inBody === "") {
    if (sent !== "") return sent;
    if (own(body, "schemaVersion") === 1)
      throw new ManifestRefusal("schema-1", "Manifests of schema version 1 are not supported");
    throw new ManifestRefusal("media-type-missing", "Neither the manifest nor its sender names a media type");
  }
  if (sent !== "" && sent !== inBody) {
    throw new ManifestRefusal("media-type-mismatch", `The manifest says ${inBody} but was sent as ${sent}`);
  }
  return inBody;
}

function readImage(body: JsonObject, common: ManifestCommon): ImageManifest {
  if (own(body, "manifests") !== undefined) {
    throw new ManifestRefusal("ambiguous", "An image manifest must not list manifests");
  }
  const config = own(body, "config");
  if (config === undefined) throw new ManifestRefusal("wrong-shape", "An image manifest must have a config");
  const layers = readDescriptors(body, "layers");
  return {
    kind: "image",
    ...common,
    config: parseDescriptor(config, "config"),
    layers: layers.map((layer) => ({ ...layer, foreign: isForeignLayer(layer.mediaType) })),
    manifests: [],
  };
}

function readIndex(body: JsonObject, common: ManifestCommon): IndexManifest {
  if (own(body, "layers") !== undefined || own(body, "config") !== undefined) {
    throw new ManifestRefusal("ambiguous", "An index must have neither layers nor a config");
  }
  // Go writes an empty list that was never made as null.
  if (!Object.hasOwn(body, "manifests")) throw new ManifestRefusal("wrong-shape", "An index must list manifests");
  return { kind: "index", ...common, layers: [], manifests: readDescriptors(body, "manifests") };
}

function readDescriptors(body: JsonObject, key: "layers" | "manifests"): readonly Descriptor[] {
  const json = own(body, key);
  if (json === undefined) return [];
  if (!Array.isArray(json)) throw new ManifestRefusal("wrong-shape", `${key} is not a list`);
  if (json.length > MAX_DESCRIPTORS) {
    throw new ManifestRefusal("too-many-descriptors", `${key} lists more than ${MAX_DESCRIPTORS} entries`);
  }
  return (json as readonly unknown[]).map((item, index) => parseDescriptor(item, `${key}[${index}]`));
}

function readAnnotations(body: JsonObject): Readonly<Record<string, string>> {
  const annotations = textMap(own(body, "annotations") ?? {});
  if (annotations === undefined) throw new ManifestRefusal("wrong-shape", "annotations are not texts by key");
  return annotations;
}
