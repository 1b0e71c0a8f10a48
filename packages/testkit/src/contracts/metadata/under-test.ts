import { createHash } from "node:crypto";
import type { Digest, RegistryId, RepositoryName, Tag, UploadId } from "@stowage/model";
import { digestOf } from "@stowage/model";
import type {
  BlobLocation,
  BlobRow,
  IdentityRow,
  ImageBlob,
  ImageRowId,
  Metadata,
  ManagedPolicyRow,
  MetadataTransaction,
  NewImage,
  NewRepository,
  RegistryKey,
  RepositoryRow,
  UploadRow,
} from "@stowage/registry";
import { afterEach, beforeEach, expect } from "vitest";

/** A driver as the suites have it: empty at first. */
export interface MetadataUnderTest {
  readonly metadata: Metadata;
  /** Closes and removes the driver. @returns names of what it left that it should not have */
  readonly close: () => Promise<readonly string[]>;
}

export type OpenMetadata = () => Promise<MetadataUnderTest>;

/** Opens a driver before each test of the suite around it, and closes it afterwards. */
export function openEach(open: OpenMetadata): () => Metadata {
  let tested: MetadataUnderTest;
  beforeEach(async () => {
    tested = await open();
  });
  afterEach(async () => {
    expect(await tested.close()).toEqual([]);
  });
  return () => tested.metadata;
}

export const key: RegistryKey = { registryId: "000000000000" as RegistryId, region: "us-east-1" };
export const otherAccount: RegistryKey = { registryId: "111111111111" as RegistryId, region: "us-east-1" };
export const otherRegion: RegistryKey = { registryId: "000000000000" as RegistryId, region: "eu-central-1" };

const START = Date.parse("2026-11-21T12:00:00Z");

export function at(hours: number): Date {
  return new Date(START + hours * 3_600_000);
}

export function nameOf(text: string): RepositoryName {
  return text as RepositoryName;
}

export function tagNamed(text: string): Tag {
  return text as Tag;
}

export function uploadNamed(text: string): UploadId {
  return text as UploadId;
}

export function locationNamed(text: string): BlobLocation {
  return text as BlobLocation;
}

export function digestFor(text: string): Digest {
  return digestOf("sha256", createHash("sha256").update(text).digest("hex"));
}

export function newRepository(name: string, changes: Partial<NewRepository> = {}): NewRepository {
  return {
    key,
    name: nameOf(name),
    createdAt: at(0),
    tagMutability: "MUTABLE",
    exclusionFilters: [],
    scanOnPush: false,
    encryption: { encryptionType: "AES256" },
    ...changes,
  };
}

export async function addRepository(metadata: Metadata, name: string, of = key): Promise<RepositoryRow> {
  const row = await metadata.transaction((rows) => rows.repositories.insert(newRepository(name, { key: of })));
  if (row === undefined) throw new Error(`there is a repository ${name} already`);
  return row;
}

export interface ImageToAdd extends Partial<NewImage> {
  readonly tags?: readonly string[];
  /** What the blobs of the image are made from. */
  readonly blobs?: readonly string[];
  readonly children?: readonly Digest[];
}

/** Stores an image whose digest and manifest are made from `text`. */
export async function putImage(
  rows: MetadataTransaction,
  repositoryId: number,
  text: string,
  added: ImageToAdd = {},
): Promise<ImageRowId> {
  const { tags = [], blobs = [], children = [], ...changes } = added;
  const image: NewImage = {
    repositoryId,
    digest: digestFor(text),
    kind: "image",
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    sizeBytes: 1234,
    pushedAt: at(0),
    manifest: Buffer.from(text),
    ...changes,
  };
  const id = await rows.images.insert(image, { blobs: blobs.map(layer), children });
  for (const tag of tags) await rows.images.putTag(repositoryId, tagNamed(tag), id);
  return id;
}

export function addImage(
  metadata: Metadata,
  repositoryId: number,
  text: string,
  added?: ImageToAdd,
): Promise<ImageRowId> {
  return metadata.transaction((rows) => putImage(rows, repositoryId, text, added));
}

function layer(text: string, index: number): ImageBlob {
  return {
    digest: digestFor(text),
    role: index === 0 ? "config" : "layer",
    mediaType: index === 0 ? "application/vnd.oci.image.config.v1+json" : "application/vnd.oci.image.layer.v1.tar",
    sizeBytes: text.length,
  };
}

/** Makes a blob visible in a repository, held until `heldUntil`. */
export function addBlob(metadata: Metadata, repositoryId: number, text: string, heldUntil = at(24)): Promise<BlobRow> {
  return metadata.transaction(async (rows) => {
    const blob = await rows.blobs.putShared(newBlob(text));
    await rows.blobs.link(repositoryId, blob.id, heldUntil);
    return blob;
  });
}

export function newBlob(text: string, changes: Partial<BlobRow> = {}): Omit<BlobRow, "id" | "state"> {
  return {
    digest: digestFor(text),
    keyScope: "",
    sizeBytes: text.length,
    location: locationNamed(`at/${text}`),
    ...changes,
  };
}

export function newUpload(id: string, repositoryId: number, changes: Partial<UploadRow> = {}): UploadRow {
  return {
    id: uploadNamed(id),
    repositoryId,
    principal: "arn:aws:iam::000000000000:root",
    receivedBytes: 0,
    partCount: 0,
    lastPartBytes: 0,
    hasSmallPart: false,
    startedAt: at(0),
    expiresAt: at(168),
    ...changes,
  };
}

/** An identity of {@link key}'s account, made at hour 0. */
export function identityOf(kind: IdentityRow["kind"], name: string, changes: Partial<IdentityRow> = {}): IdentityRow {
  return {
    arn: `arn:aws:iam::${key.registryId}:${kind}/${name}`,
    accountId: key.registryId,
    kind,
    name,
    path: "/",
    uniqueId: `${kind}-${name}`,
    createdAt: at(0),
    tags: [],
    ...changes,
  };
}

export function managedPolicyOf(name: string, changes: Partial<ManagedPolicyRow> = {}): ManagedPolicyRow {
  return {
    arn: `arn:aws:iam::${key.registryId}:policy/${name}`,
    accountId: key.registryId,
    name,
    path: "/",
    text: `{"Id":"${name}"}`,
    createdAt: at(0),
    updatedAt: at(0),
    ...changes,
  };
}

/** Stores the account of {@link key} and identities of it. */
export function addIdentities(metadata: Metadata, ...identities: readonly IdentityRow[]): Promise<void> {
  return metadata.transaction(async (rows) => {
    await rows.accounts.insert({ id: key.registryId, createdAt: at(0) });
    for (const identity of identities) await rows.identities.insert(identity);
  });
}
