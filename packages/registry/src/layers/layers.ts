import {
  LayerInaccessibleException,
  LayersNotFoundException,
  isDigest,
  type Digest,
  type RepositoryName,
} from "@stowage/model";
import type { BlobRow, RepositoryBlob } from "../ports/blob-rows.ts";
import type { BlobStore, Bytes } from "../ports/blobs.ts";
import type { Metadata } from "../ports/metadata.ts";
import type { RegistryKey, RepositoryRow } from "../ports/repository-rows.ts";
import type { Clock } from "../ports/runtime.ts";
import type { Quotas } from "../quotas.ts";
import { requireRepository } from "../repositories/repositories.ts";

/** What is said of a blob that no manifest describes yet. */
const UNDESCRIBED = "application/octet-stream";

export interface LayerAvailability {
  readonly layerDigest: string;
  readonly availability: "AVAILABLE" | "UNAVAILABLE" | "ARCHIVED";
  readonly sizeBytes?: number;
  readonly mediaType?: string;
}

export interface LayerFailure {
  readonly layerDigest: string;
  readonly failureCode: "InvalidLayerDigest" | "MissingLayerDigest";
  readonly failureReason: string;
}

/** Blobs as a repository sees them. Who is told that a blob is here may rely on it for a while: see {@link Quotas.holdMs}. */
export class Layers {
  readonly #metadata: Metadata;
  readonly #blobs: BlobStore;
  readonly #clock: Clock;
  readonly #quotas: Quotas;

  constructor(parts: { metadata: Metadata; blobs: BlobStore; clock: Clock; quotas: Quotas }) {
    this.#metadata = parts.metadata;
    this.#blobs = parts.blobs;
    this.#clock = parts.clock;
    this.#quotas = parts.quotas;
  }

  /** Tells that a blob is here and holds it. @throws RepositoryNotFoundException, LayersNotFoundException */
  async stat(key: RegistryKey, name: RepositoryName, digest: Digest): Promise<RepositoryBlob> {
    const repository = await requireRepository(this.#metadata, key, name);
    const [blob] = await this.#held(repository, [digest]);
    if (blob === undefined) throw layerNotFound(repository, digest);
    return blob;
  }

  /** Finds a blob for reading it now. @throws RepositoryNotFoundException, LayersNotFoundException */
  async find(key: RegistryKey, name: RepositoryName, digest: Digest): Promise<RepositoryBlob> {
    const repository = await requireRepository(this.#metadata, key, name);
    const blob = await this.#metadata.blobs.find(repository.id, digest);
    if (blob === undefined) throw layerNotFound(repository, digest);
    return blob;
  }

  /** Finds a layer for GetDownloadUrlForLayer. @throws LayersNotFoundException, LayerInaccessibleException no image names it */
  async downloadable(key: RegistryKey, name: RepositoryName, digest: Digest): Promise<RepositoryBlob> {
    const repository = await requireRepository(this.#metadata, key, name);
    const blob = await this.#metadata.blobs.find(repository.id, digest);
    if (blob === undefined) throw layerNotFound(repository, digest);
    const use = await this.#metadata.images.blobUse(repository.id, digest);
    if (use?.status === "ACTIVE") return blob;
    throw new LayerInaccessibleException(
      `The layer with digest '${digest}' in the repository with name '${name}' in the registry with id ` +
        `'${key.registryId}' is not accessible because ${use ? "it is archived" : "no image refers to it"}`,
    );
  }

  /** Tells for each digest whether the layer is here, and holds those that are. */
  async availability(
    key: RegistryKey,
    name: RepositoryName,
    digests: readonly string[],
  ): Promise<{ readonly layers: readonly LayerAvailability[]; readonly failures: readonly LayerFailure[] }> {
    const repository = await requireRepository(this.#metadata, key, name);
    const asked = [...new Set(digests)];
    const held = await this.#held(repository, asked.filter(isDigest));
    const present = new Map<string, RepositoryBlob>(held.map((blob) => [blob.digest, blob]));
    const layers: LayerAvailability[] = [];
    const failures: LayerFailure[] = [];
    for (const layerDigest of asked) {
      if (!isDigest(layerDigest)) failures.push(digestFailure(layerDigest));
      else layers.push(await this.#availabilityOf(repository, layerDigest, present.get(layerDigest)));
    }
    return { layers, failures };
  }

  read(blob: BlobRow, range?: { readonly fromByte: number; readonly toByte?: number }): Bytes {
    return this.#blobs.read(blob.location, range);
  }

  /** The local file that holds the blob, where the driver has one. */
  file(blob: BlobRow): { readonly path: string; readonly offsetBytes: number } | undefined {
    return this.#blobs.files?.file(blob.location);
  }

  async #availabilityOf(
    repository: RepositoryRow,
    layerDigest: Digest,
    blob: RepositoryBlob | undefined,
  ): Promise<LayerAvailability> {
    if (blob === undefined) return { layerDigest, availability: "UNAVAILABLE" };
    const use = await this.#metadata.images.blobUse(repository.id, layerDigest);
    return {
      layerDigest,
      availability: use === undefined || use.status === "ACTIVE" ? "AVAILABLE" : "ARCHIVED",
      sizeBytes: blob.sizeBytes,
      mediaType: use?.mediaType ?? UNDESCRIBED,
    };
  }

  /** Those of the blobs that are here. A hold is rewritten only when less than half of it is left, so that this seldom writes. */
  async #held(repository: RepositoryRow, digests: readonly Digest[]): Promise<readonly RepositoryBlob[]> {
    if (digests.length === 0) return [];
    const now = this.#clock.now().getTime();
    const fresh = now + this.#quotas.holdMs / 2;
    const seen = await this.#metadata.blobs.present(repository.id, digests);
    if (seen.every((blob) => blob.heldUntil.getTime() >= fresh)) return seen;
    return this.#metadata.transaction(
      async (rows) => {
        const present = await rows.blobs.present(repository.id, digests);
        const stale = present.filter((blob) => blob.heldUntil.getTime() < fresh).map(({ digest }) => digest);
        await rows.blobs.hold(repository.id, stale, new Date(now + this.#quotas.holdMs));
        return present;
      },
      { durable: false },
    );
  }
}

function layerNotFound({ key, name }: RepositoryRow, digest: Digest): LayersNotFoundException {
  return new LayersNotFoundException(
    `The layer with digest '${digest}' does not exist within the repository with name '${name}' ` +
      `in the registry with id '${key.registryId}'`,
  );
}

function digestFailure(layerDigest: string): LayerFailure {
  if (layerDigest === "") {
    return {
      layerDigest,
      failureCode: "MissingLayerDigest",
      failureReason: "Invalid request parameters: layer digest cannot be null",
    };
  }
  return {
    layerDigest,
    failureCode: "InvalidLayerDigest",
    failureReason: "Invalid request parameters: layer digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
  };
}
