import type { Descriptor, Digest } from "@stowage/model";
import { deleteBlob, getBlob, getBlobRange, headBlob } from "./blobs.ts";
import type { BlobHead, ReadOptions } from "./blobs.ts";
import { catalog, tags } from "./lists.ts";
import type { ListOptions } from "./lists.ts";
import { deleteManifest, getManifest, headManifest, putManifest } from "./manifests.ts";
import type { ManifestContent, ManifestHead, PushedManifest } from "./manifests.ts";
import type { OciCallOptions, OciClientOptions } from "./options.ts";
import type { OciPlatform } from "./platform.ts";
import { referrers } from "./referrers.ts";
import type { ReferrersOptions } from "./referrers.ts";
import { Transport } from "./transport.ts";
import { UploadSession } from "./upload-session.ts";
import { uploadBlob } from "./uploads.ts";
import type { BlobContent, UploadedBlob, UploadOptions } from "./uploads.ts";

/** What calls on a registry go through: where it is, who calls, and how often a request is tried. */
export interface OciConnection {
  readonly transport: Transport;
  readonly partBytes: number | undefined;
}

/**
 * An OCI registry, such as ECR's or Stowage's `/v2/`. Digests are verified always: what does not have the digest that was
 * asked for, or that a registry names, is thrown as ContentMismatchError.
 */
export class PlatformOciClient implements OciConnection {
  readonly transport: Transport;
  readonly partBytes: number | undefined;

  /** @throws ConfigurationError the endpoint is no scheme and host */
  constructor(options: OciClientOptions, platform: OciPlatform) {
    this.transport = new Transport(options, platform);
    this.partBytes = options.partBytes;
  }

  /** @throws OciError the endpoint is no registry, or the credentials are wrong */
  async ping(options: OciCallOptions = {}): Promise<void> {
    const call = { method: "GET", target: "/v2/", scopes: [], expected: [200], signal: options.signal };
    (await this.transport.send(call)).discard();
  }

  /** Names of repositories. */
  catalog(options?: ListOptions): AsyncIterable<string> {
    return catalog(this.transport, options);
  }

  /** Tags of a repository. */
  tags(repository: string, options?: ListOptions): AsyncIterable<string> {
    return tags(this.transport, repository, options);
  }

  /** Undefined when there is no such tag or digest. */
  headManifest(repository: string, reference: string, options?: OciCallOptions): Promise<ManifestHead | undefined> {
    return headManifest(this.transport, { repository, reference }, options);
  }

  /** @throws OciError 404: there is no such tag or digest @throws InvalidContentError it is over 4 MiB */
  getManifest(repository: string, reference: string, options?: OciCallOptions): Promise<ManifestContent> {
    return getManifest(this.transport, { repository, reference }, options);
  }

  /** Puts bytes as they are, under a tag or their own digest. */
  putManifest(
    repository: string,
    manifest: { readonly bytes: Uint8Array; readonly mediaType: string; readonly reference?: string } & OciCallOptions,
  ): Promise<PushedManifest> {
    return putManifest(this.transport, { repository, reference: manifest.reference }, manifest);
  }

  /** Gives a manifest one more tag, or moves a tag to it. */
  async tag(
    repository: string,
    reference: string,
    { tag, ...options }: { readonly tag: string } & OciCallOptions,
  ): Promise<Digest> {
    const manifest = await this.getManifest(repository, reference, options);
    await this.putManifest(repository, { ...manifest, reference: tag, ...options });
    return manifest.digest;
  }

  /** Deletes a tag, or a manifest with its tags. @returns false when there was none */
  deleteManifest(repository: string, reference: string, options?: OciCallOptions): Promise<boolean> {
    return deleteManifest(this.transport, { repository, reference }, options);
  }

  /** Undefined when the repository does not have it. */
  headBlob(repository: string, digest: Digest, options?: OciCallOptions): Promise<BlobHead | undefined> {
    return headBlob(this.transport, { repository, digest }, options);
  }

  /** Streams a blob, going on where a connection broke; the last bytes come only when all are right. */
  getBlob(repository: string, digest: Digest, options?: ReadOptions): AsyncIterable<Uint8Array> {
    return getBlob(this.transport, { repository, digest }, options);
  }

  /** Streams a part of a blob, which cannot be verified. */
  getBlobRange(
    repository: string,
    digest: Digest,
    range: { readonly fromByte: number; readonly lengthBytes: number } & OciCallOptions,
  ): AsyncIterable<Uint8Array> {
    return getBlobRange(this.transport, { repository, digest }, range);
  }

  /** @returns false when there was none @throws OciError 405: blobs live with their images, as in ECR */
  deleteBlob(repository: string, digest: Digest, options?: OciCallOptions): Promise<boolean> {
    return deleteBlob(this.transport, { repository, digest }, options);
  }

  /** Uploads a blob, going on where a connection broke. */
  uploadBlob(
    repository: string,
    content: BlobContent,
    options?: Omit<UploadOptions, "session">,
  ): Promise<UploadedBlob> {
    return uploadBlob(this.transport, repository, { partBytes: this.partBytes, ...options, content });
  }

  /** Takes a blob over from another repository of the registry. @returns false when the registry would not */
  async mountBlob(
    repository: string,
    digest: Digest,
    { from, signal }: { readonly from: string } & OciCallOptions,
  ): Promise<boolean> {
    const session = await UploadSession.mount(this.transport, { repository, signal }, { digest, from });
    if (session === "mounted") return true;
    await session.cancel();
    return false;
  }

  /** Manifests that name the digest as their subject: signatures, attestations, inventories. */
  referrers(repository: string, digest: Digest, options?: ReferrersOptions): AsyncIterable<Descriptor> {
    return referrers(this.transport, { repository, digest }, options);
  }
}
