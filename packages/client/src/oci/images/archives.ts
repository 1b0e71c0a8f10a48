import { isDigest } from "@stowage/model";
import type { Descriptor } from "@stowage/model";
import { readBlob } from "../blobs.ts";
import { Verifier } from "../content.ts";
import { InvalidContentError } from "../failures.ts";
import { readManifest } from "../manifests.ts";
import type { ManifestContent } from "../manifests.ts";
import type { OciCallOptions } from "../options.ts";
import { indexBytes } from "../referrers.ts";
import { pushDockerArchive } from "./docker-archive.ts";
import type { RandomAccessFile } from "./files.ts";
import { readGraph } from "./graph.ts";
import { pathOf } from "./layout.ts";
import { PROGRESS_STEP_BYTES } from "./progress.ts";
import type { OnProgress } from "./progress.ts";
import { pushLayout } from "./push-layout.ts";
import type { PushLayoutOptions } from "./push-layout.ts";
import { registrySource } from "./registry-image.ts";
import type { ImageAddress } from "./registry-image.ts";
import { TarReader } from "./tar-reader.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar-writer.ts";
import type { TransferResult } from "./transfer.ts";

const DEFAULT_PLATFORM = "linux/amd64";

/**
 * Pushes an image of an archive: an OCI layout in a tar, or what `docker save` writes.
 * @throws NotFoundError the archive lacks the image
 * @throws InvalidContentError it is neither, or is compressed
 */
export async function pushArchive(
  file: RandomAccessFile,
  to: ImageAddress,
  options: PushLayoutOptions = {},
): Promise<TransferResult> {
  const files = await TarReader.open(file);
  if ((await files.sizeBytes("oci-layout")) !== undefined) return pushLayout(files, to, options);
  return pushDockerArchive(files, to, options);
}

export interface PullArchiveOptions extends OciCallOptions {
  /** Of an index, `linux/amd64` unless given: an archive holds one image. */
  readonly platform?: string | undefined;
  /** What `docker load` calls the image; its own address in the registry unless given. */
  readonly names?: readonly string[] | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Pulls an image as a tar that `docker load` takes and that is an OCI layout as well; its layers are compressed as in the
 * registry.
 * @throws ContentMismatchError before the archive is whole
 */
export async function* pullArchive(from: ImageAddress, options: PullArchiveOptions = {}): AsyncGenerator<Uint8Array> {
  const { platform: wanted = DEFAULT_PLATFORM, signal, onProgress } = options;
  const { repository, client } = from;
  const { transport } = client;
  const { platform } = transport;
  const source = registrySource(from);
  const isThere = (): Promise<boolean> => Promise.resolve(false);
  const graph = await readGraph(source, from.reference, {
    platforms: [wanted],
    referrers: false,
    isThere,
    signal,
    platform,
  });
  const manifest = readManifest(graph.root);
  if (manifest.kind !== "image") throw new InvalidContentError("The index has no single image for an archive");
  const [foreign] = graph.foreign;
  if (foreign !== undefined) throw new InvalidContentError(`The layer ${foreign.digest} is not kept in the registry`);
  for (const folder of ["blobs/", "blobs/sha256/"]) yield tarHeader(folder, 0);
  const names = options.names ?? (isDigest(from.reference) ? [] : [nameOf(from)]);
  const dockerManifest = [
    {
      Config: pathOf(manifest.config.digest),
      RepoTags: names,
      Layers: manifest.layers.map(({ digest }) => pathOf(digest)),
    },
  ];
  yield* small("oci-layout", '{"imageLayoutVersion":"1.0.0"}');
  yield* small("index.json", layoutIndex(graph.root, from.reference));
  yield* small("manifest.json", JSON.stringify(dockerManifest));
  yield* small(pathOf(graph.root.digest), graph.root.bytes);
  for (const blob of graph.blobs) {
    const verifier = new Verifier(platform, blob);
    yield tarHeader(pathOf(blob.digest), blob.sizeBytes);
    yield* reported(
      verifier.passing(
        readBlob(transport, { repository, digest: blob.digest }, { fromByte: 0, sizeBytes: blob.sizeBytes, signal }),
      ),
      blob,
      onProgress,
    );
    yield tarPadding(blob.sizeBytes);
  }
  yield tarEnd();
}

function* small(name: string, content: string | Uint8Array): Generator<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  yield tarHeader(name, bytes.length);
  yield bytes;
  yield tarPadding(bytes.length);
}

function layoutIndex({ digest, mediaType, bytes }: ManifestContent, reference: string): Uint8Array {
  const annotations = isDigest(reference) ? {} : { annotations: { "org.opencontainers.image.ref.name": reference } };
  return indexBytes([{ mediaType, digest, sizeBytes: bytes.length, ...annotations }]);
}

function nameOf({ client, repository, reference }: ImageAddress): string {
  return `${client.transport.endpoint.host}/${repository}:${reference}`;
}

async function* reported(
  chunks: AsyncIterable<Uint8Array>,
  { digest, mediaType, sizeBytes: totalBytes }: Descriptor,
  onProgress: OnProgress | undefined,
): AsyncGenerator<Uint8Array> {
  let doneBytes = 0;
  let told = 0;
  for await (const chunk of chunks) {
    yield chunk;
    doneBytes += chunk.length;
    if (doneBytes - told < PROGRESS_STEP_BYTES) continue;
    told = doneBytes;
    onProgress?.({ kind: "blob", digest, mediaType, doneBytes, totalBytes, state: "running" });
  }
  onProgress?.({ kind: "blob", digest, mediaType, doneBytes: totalBytes, totalBytes, state: "done" });
}
