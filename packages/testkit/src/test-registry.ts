import type { RegistryId, RepositoryName, Tag } from "@stowage/model";
import {
  createRegistry,
  type Metadata,
  type BlobStore,
  type Quotas,
  type Registry,
  type RegistryKey,
} from "@stowage/registry";
import { nodeHasher, openMemoryBlobs, openSqlite, systemIds } from "@stowage/storage";
import { FakeClock } from "./clock.ts";
import type { TestBlob, TestManifest } from "./images.ts";

export interface TestRegistry {
  readonly registry: Registry;
  readonly metadata: Metadata;
  readonly blobs: BlobStore;
  readonly clock: FakeClock;
  readonly key: RegistryKey;
  /** A repository that exists. */
  readonly name: RepositoryName;
  readonly owner: string;
  repository(name: string): Promise<RepositoryName>;
  pushBlob(name: RepositoryName, blob: TestBlob): Promise<void>;
  /** Pushes the blobs that a manifest names, and the manifest. */
  push(name: RepositoryName, image: TestManifest, ...tags: string[]): Promise<void>;
  close(): Promise<void>;
}

export interface TestRegistryOptions {
  readonly quotas?: Partial<Quotas>;
  readonly idempotentImmutableTags?: boolean;
  readonly enforce?: boolean;
  readonly anonymousPull?: boolean;
  readonly onUnreadablePolicy?: (policy: string) => void;
}

/** The whole core over a database and blobs in memory, under a clock that the test moves. */
export async function openTestRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const clock = new FakeClock();
  const metadata = await openSqlite({ path: ":memory:" });
  const blobs = await openMemoryBlobs();
  const pageTokenKey = new Uint8Array(32);
  const parts = { metadata, blobs, clock, ids: systemIds, hasher: nodeHasher, pageTokenKey };
  const registry = createRegistry({ ...parts, ...options });
  const key: RegistryKey = { registryId: "123456789012" as RegistryId, region: "eu-west-1" };
  const owner = "arn:aws:iam::123456789012:root";
  const repository = async (text: string): Promise<RepositoryName> => {
    const name = text as RepositoryName;
    await registry.repositories.create(key, { name });
    return name;
  };
  const pushBlob = async (name: RepositoryName, blob: TestBlob): Promise<void> => {
    await registry.uploads.monolithic(key, name, owner, { digest: blob.digest, bytes: stream(blob.bytes) });
  };
  return {
    registry,
    metadata,
    blobs,
    clock,
    key,
    owner,
    name: await repository("team/app"),
    repository,
    pushBlob,
    async push(name, image, ...tags) {
      for (const blob of image.blobs) await pushBlob(name, blob);
      const { bytes: manifest, mediaType, digest } = image;
      await registry.images.put(key, name, { manifest, mediaType, digest, tags: tags as Tag[] });
    },
    async close() {
      await metadata.close();
      await blobs.close();
    },
  };
}

/** The bytes in pieces of at most `pieceBytes`. */
export async function* stream(bytes: Uint8Array, pieceBytes = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
