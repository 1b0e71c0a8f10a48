import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { locationOf, withQuery, type Answer, type RegistryClient } from "./client.ts";

export const IMAGE_TYPE = "application/vnd.oci.image.manifest.v1+json";
export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
export const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
export const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
export const OCTETS = "application/octet-stream";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface Manifest {
  readonly bytes: Buffer;
  readonly descriptor: Descriptor;
}

export function sha256(content: Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

export function describeBytes(mediaType: string, content: Uint8Array): Descriptor {
  return { mediaType, digest: sha256(content), size: content.length };
}

export function manifestOf(document: object, mediaType: string): Manifest {
  const bytes = Buffer.from(JSON.stringify(document));
  return { bytes, descriptor: describeBytes(mediaType, bytes) };
}

export async function pushBlob(client: RegistryClient, repository: string, content: Uint8Array): Promise<string> {
  const digest = sha256(content);
  const path = withQuery(`/v2/${repository}/blobs/uploads/`, "digest", digest);
  const answer = await client.send("POST", path, { headers: { "content-type": OCTETS }, body: content });
  assert.equal(answer.status, 201);
  return digest;
}

/** Starts an upload. @returns its path */
export async function openUpload(client: RegistryClient, repository: string): Promise<string> {
  const answer = await client.send("POST", `/v2/${repository}/blobs/uploads/`, { body: "" });
  assert.equal(answer.status, 202);
  return locationOf(answer, client.origin);
}

/** An image of one layer whose blobs are in the repository; the manifest itself is not. */
export async function prepareImage(
  client: RegistryClient,
  repository: string,
  { content = "layer", ...more }: { readonly content?: string; readonly [member: string]: unknown } = {},
): Promise<Manifest> {
  const layer = Buffer.from(content);
  const config = Buffer.from(JSON.stringify({ os: "linux", architecture: "amd64", content }));
  await pushBlob(client, repository, layer);
  await pushBlob(client, repository, config);
  const document = {
    schemaVersion: 2,
    mediaType: IMAGE_TYPE,
    config: describeBytes(CONFIG_TYPE, config),
    layers: [describeBytes(LAYER_TYPE, layer)],
    ...more,
  };
  return manifestOf(document, IMAGE_TYPE);
}

export function putManifest(client: RegistryClient, path: string, { bytes, descriptor }: Manifest): Promise<Answer> {
  return client.send("PUT", path, { headers: { "content-type": descriptor.mediaType }, body: bytes });
}

/** Pushes an image under a tag. */
export async function pushImage(
  client: RegistryClient,
  repository: string,
  {
    tag = "latest",
    ...options
  }: { readonly tag?: string; readonly content?: string; readonly [member: string]: unknown } = {},
): Promise<Manifest> {
  const image = await prepareImage(client, repository, options);
  const answer = await putManifest(client, `/v2/${repository}/manifests/${tag}`, image);
  assert.equal(answer.status, 201);
  return image;
}

export function indexOf(children: readonly Descriptor[], more: object = {}): Manifest {
  return manifestOf({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: children, ...more }, INDEX_TYPE);
}
