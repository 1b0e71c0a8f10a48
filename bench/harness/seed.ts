import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { Digest, RegistryId, RepositoryName, Tag } from "@stowage/model";
import type { ImageBlob, Metadata, MetadataTransaction, RepositoryRowId } from "@stowage/registry";
import { dataPaths, openSqlite } from "@stowage/storage";
import type { SeededData } from "./case.ts";
import { MANIFEST_TYPE } from "./images.ts";
import { startStowage } from "./stowage.ts";

/** The registry of callers that name none, and so of the installation's first access key. */
export const SEEDED_REGISTRY = { registryId: "000000000000" as RegistryId, region: "us-east-1" };
const IMAGES_PER_TRANSACTION = 5_000;
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

export const SMALL_REPOSITORY = { name: "small", images: 1_000 };
export const LARGE_REPOSITORY = { name: "large", images: 1_000_000 };

/** A data directory of a server, filled through the metadata driver: the rows that as many pushes would leave. */
export class SeededDirectory {
  readonly #data: string;
  readonly #progress: (line: string) => void;
  #ready: Promise<SeededData> | undefined;

  constructor(data: string, progress: (line: string) => void) {
    this.#data = data;
    this.#progress = progress;
  }

  ready(): Promise<SeededData> {
    this.#ready ??= this.#seed();
    return this.#ready;
  }

  async #seed(): Promise<SeededData> {
    const repositories = [SMALL_REPOSITORY, LARGE_REPOSITORY];
    const startedMs = performance.now();
    await mkdir(this.#data, { recursive: true });
    const server = await startStowage({ data: this.#data }); // it makes the account and the keys
    await server.api.close();
    await server.process.stop();
    const metadata = await openSqlite({ path: dataPaths(this.#data).database });
    try {
      for (const { name, images } of repositories) {
        this.#progress(`  seeding ${images.toLocaleString("en-US")} images into ${name}`);
        await seedRepository(metadata, name, images);
      }
    } finally {
      await metadata.close();
    }
    return { data: this.#data, repositories, seconds: (performance.now() - startedMs) / 1000 };
  }
}

export async function seedRepository(metadata: Metadata, name: string, images: number): Promise<RepositoryRowId> {
  const blobs: readonly ImageBlob[] = [
    { digest: digestOf("config"), role: "config", mediaType: CONFIG_TYPE, sizeBytes: 1_500 },
    { digest: digestOf("layer"), role: "layer", mediaType: LAYER_TYPE, sizeBytes: 30_000_000 },
  ];
  const repositoryId = await metadata.transaction((rows) => insertRepository(rows, name, blobs));
  for (let first = 0; first < images; first += IMAGES_PER_TRANSACTION) {
    const end = Math.min(images, first + IMAGES_PER_TRANSACTION);
    await metadata.transaction(
      async (rows) => {
        for (let number = first; number < end; number += 1) await insertImage(rows, { repositoryId, blobs, number });
      },
      { durable: false },
    );
  }
  return repositoryId;
}

async function insertRepository(
  rows: MetadataTransaction,
  name: string,
  blobs: readonly ImageBlob[],
): Promise<RepositoryRowId> {
  const repository = await rows.repositories.insert({
    key: SEEDED_REGISTRY,
    name: name as RepositoryName,
    createdAt: new Date(),
    tagMutability: "MUTABLE",
    exclusionFilters: [],
    scanOnPush: false,
    encryption: { encryptionType: "AES256" },
  });
  if (repository === undefined) throw new Error(`the repository ${name} is there already`);
  for (const { digest, sizeBytes } of blobs) {
    const location = `seeded/${digest}` as Parameters<typeof rows.blobs.putShared>[0]["location"];
    const { id } = await rows.blobs.putShared({ digest, keyScope: "", sizeBytes, location });
    await rows.blobs.link(repository.id, id, new Date());
  }
  return repository.id;
}

interface SeededImage {
  readonly repositoryId: RepositoryRowId;
  readonly blobs: readonly ImageBlob[];
  readonly number: number;
}

/** One manifest with one tag: what ListImages, DescribeImages and tags/list answer a line each for. */
async function insertImage(rows: MetadataTransaction, { repositoryId, blobs, number }: SeededImage): Promise<void> {
  const [config, ...layers] = blobs.map(({ digest, mediaType, sizeBytes }) => ({ mediaType, digest, size: sizeBytes }));
  const annotations = { "org.opencontainers.image.revision": String(number) };
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers, annotations }),
  );
  const id = await rows.images.insert(
    {
      repositoryId,
      digest: digestOf(manifest),
      kind: "image",
      mediaType: MANIFEST_TYPE,
      configMediaType: CONFIG_TYPE,
      artifactType: CONFIG_TYPE,
      sizeBytes: blobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      pushedAt: new Date(Date.UTC(2026, 0, 1) + number * 1_000),
      manifest,
    },
    { blobs, children: [] },
  );
  await rows.images.putTag(repositoryId, seededTag(number), id);
}

/** Tags in their byte order are in the order of the images. */
export function seededTag(number: number): Tag {
  return `build-${String(number).padStart(8, "0")}` as Tag;
}

function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(content).digest("hex")}` as Digest;
}
