import { digestAlgorithm, digestEncoded, isDigest, manifestKind, mediaTypes, parseManifest } from "@stowage/model";
import type { Descriptor, Digest } from "@stowage/model";
import { algorithmOf, digestBytes, Verifier } from "../content.ts";
import { ContentMismatchError, InvalidContentError, NotFoundError } from "../failures.ts";
import { MAX_MANIFEST_BYTES } from "../manifests.ts";
import type { ManifestContent } from "../manifests.ts";
import type { OciPlatform } from "../platform.ts";
import { indexBytes } from "../referrers.ts";
import { bytesOf, parseJson } from "../reply.ts";
import { once } from "./files.ts";
import type { Files, ReadableFiles } from "./files.ts";
import type { BlobArrival, BlobOutcome, ImageSource, ImageTarget, ManifestPlace } from "./image-store.ts";

const REF_NAME = "org.opencontainers.image.ref.name";
const CONTAINERD_NAME = "io.containerd.image.name";
const VERSION = '{"imageLayoutVersion":"1.0.0"}';

/** An OCI image layout to read from. Source: image-spec, image layout. */
export class LayoutReader implements ImageSource {
  protected readonly files: ReadableFiles;
  readonly platform: OciPlatform;
  #referrers: Promise<ReadonlyMap<Digest, readonly Descriptor[]>> | undefined;

  constructor(files: ReadableFiles, platform: OciPlatform) {
    this.files = files;
    this.platform = platform;
  }

  /** What index.json lists. @throws InvalidContentError the files are no layout */
  async entries(): Promise<readonly Descriptor[]> {
    await this.#requireVersion();
    const bytes = await this.#small("index.json");
    const result = bytes === undefined ? undefined : parseManifest(bytes, mediaTypes.ociIndex);
    if (result?.ok === true && result.manifest.kind === "index") return result.manifest.manifests;
    throw new InvalidContentError("The layout has no usable index.json");
  }

  /** The image of a name; the only one there is when nothing is named. @throws NotFoundError */
  async named(reference: string | undefined): Promise<Descriptor> {
    const entries = (await this.entries()).filter(({ mediaType }) => manifestKind(mediaType) !== "other");
    const found =
      reference === undefined
        ? entries.filter((entry, _, { length }) => length === 1 || entry.artifactType === undefined)
        : entries.filter((entry) => isNamed(entry, reference));
    const [only] = found;
    if (only !== undefined && new Set(found.map(({ digest }) => digest)).size === 1) return only;
    const names = entries.flatMap(({ annotations }) => annotations?.[REF_NAME] ?? []).slice(0, 20);
    const what = reference === undefined ? "more or fewer images than one" : `no image ${JSON.stringify(reference)}`;
    throw new NotFoundError(`The layout has ${what}; it has ${names.join(", ") || "no names"}`);
  }

  async manifest(reference: string): Promise<ManifestContent> {
    const entry = isDigest(reference) ? undefined : await this.named(reference);
    const digest = entry?.digest ?? (isDigest(reference) ? reference : undefined);
    const bytes = digest === undefined ? undefined : await this.#small(pathOf(digest));
    if (digest === undefined || bytes === undefined) throw new NotFoundError(`The layout does not have ${reference}`);
    const found = digestBytes(this.platform, bytes, algorithmOf(digest));
    if (found !== digest) throw new ContentMismatchError(`The layout has bytes of ${found} as ${digest}`);
    const result = parseManifest(bytes);
    return { digest, bytes, mediaType: entry?.mediaType ?? (result.ok ? result.manifest.mediaType : "") };
  }

  blob({ digest }: Descriptor, fromByte: number): AsyncIterable<Uint8Array> {
    return this.files.read(pathOf(digest), fromByte);
  }

  async *referrers(digest: Digest): AsyncGenerator<Descriptor> {
    this.#referrers ??= this.#readReferrers();
    yield* (await this.#referrers).get(digest) ?? [];
  }

  async #readReferrers(): Promise<ReadonlyMap<Digest, readonly Descriptor[]>> {
    const bySubject = new Map<Digest, Descriptor[]>();
    for (const entry of await this.entries()) {
      const bytes = await this.#small(pathOf(entry.digest));
      const result = bytes === undefined ? undefined : parseManifest(bytes, entry.mediaType);
      const subject = result?.ok === true ? result.manifest.subject : undefined;
      if (subject === undefined) continue;
      bySubject.set(subject.digest, [...(bySubject.get(subject.digest) ?? []), entry]);
    }
    return bySubject;
  }

  async #requireVersion(): Promise<void> {
    const bytes = await this.#small("oci-layout");
    const json = bytes === undefined ? undefined : (parseJson(bytes) as Readonly<Record<string, unknown>> | null);
    const version = json?.["imageLayoutVersion"];
    if (typeof version === "string" && version.startsWith("1.")) return;
    throw new InvalidContentError("There is no OCI layout of version 1");
  }

  async #small(name: string): Promise<Uint8Array | undefined> {
    const sizeBytes = await this.files.sizeBytes(name);
    if (sizeBytes === undefined) return undefined;
    if (sizeBytes > MAX_MANIFEST_BYTES) throw new InvalidContentError(`${name} is over ${MAX_MANIFEST_BYTES} bytes`);
    return bytesOf({ body: this.files.read(name, 0) }, MAX_MANIFEST_BYTES);
  }
}

/** An OCI image layout to write to, which need not exist yet. What it has a manifest of, it has whole. */
export class LayoutWriter extends LayoutReader implements ImageTarget {
  readonly #files: Files;

  constructor(files: Files, platform: OciPlatform) {
    super(files, platform);
    this.#files = files;
  }

  async manifestDigest(reference: string): Promise<Digest | undefined> {
    if (isDigest(reference))
      return (await this.files.sizeBytes(pathOf(reference))) === undefined ? undefined : reference;
    return (await this.#present()).find((entry) => isNamed(entry, reference))?.digest;
  }

  async hasBlob({ digest, sizeBytes }: Descriptor): Promise<boolean> {
    return (await this.files.sizeBytes(pathOf(digest))) === sizeBytes;
  }

  async putBlob({ digest }: Descriptor, { content, onBytes }: BlobArrival): Promise<BlobOutcome> {
    const verified = new Verifier(this.platform, content.expected).passing(content.open(0));
    await this.#files.write(pathOf(digest), counted(verified, onBytes));
    return "done";
  }

  async putManifest(content: ManifestContent, { tag, subject, artifactType }: ManifestPlace): Promise<void> {
    const { digest, bytes } = content;
    if ((await this.manifestDigest(digest)) === undefined) await this.#files.write(pathOf(digest), once(bytes));
    // Children of an index are found through it; the index of the layout has what nothing else leads to.
    if (tag !== undefined || subject !== undefined) await this.list(content, { tag, artifactType });
  }

  /** Puts a manifest into index.json. */
  async list(
    { digest, mediaType, bytes }: ManifestContent,
    { tag, artifactType }: { readonly tag?: string | undefined; readonly artifactType?: string | undefined } = {},
  ): Promise<void> {
    const present = await this.#present();
    if (tag === undefined && present.some((entry) => entry.digest === digest)) return;
    const entry: Descriptor = {
      mediaType,
      digest,
      sizeBytes: bytes.length,
      ...(artifactType === undefined || tag !== undefined ? {} : { artifactType }),
      ...(tag === undefined ? {} : { annotations: { [REF_NAME]: tag } }),
    };
    const others = present.filter((other) => tag === undefined || !isNamed(other, tag));
    await this.#files.write("index.json", once(indexBytes([...others, entry])));
    await this.#files.write("oci-layout", once(new TextEncoder().encode(VERSION)));
  }

  async #present(): Promise<readonly Descriptor[]> {
    return (await this.files.sizeBytes("index.json")) === undefined ? [] : this.entries();
  }
}

/** Digests of supported algorithms are hexadecimal: no name leads out of the folder. */
export function pathOf(digest: Digest): string {
  return `blobs/${algorithmOf(digest)}/${digestEncoded(digest)}`;
}

function isNamed({ digest, annotations }: Descriptor, reference: string): boolean {
  if (digest === reference && digestAlgorithm(digest) !== "") return true;
  return annotations?.[REF_NAME] === reference || annotations?.[CONTAINERD_NAME] === reference;
}

export async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (doneBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    yield chunk;
    onBytes(bytes);
  }
}
