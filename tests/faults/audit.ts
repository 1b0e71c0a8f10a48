import assert from "node:assert/strict";
import { DoorFailure, EcrDoor, RegistryDoor } from "../../bench/harness/doors.ts";
import { blobsOf } from "../../bench/harness/images.ts";
import { sha256 } from "../../bench/harness/content.ts";
import { EcrFailure, type RunningStowage } from "../../bench/harness/stowage.ts";
import { isAnswer } from "./pushers.ts";
import type { KnownManifest, KnownTag, KnownUpload, Ledger } from "./ledger.ts";

/** What became of uploads that a kill cut short; `refused` are the answers to those that may not go on. */
export interface CutUploads {
  readonly resumed: number;
  readonly done: number;
  readonly gone: number;
  readonly refused: readonly string[];
}

/** Holds a registry against what its clients were told. Everything is read through its doors, as clients would. */
export class Audit {
  readonly #ledger: Ledger;
  readonly #stowage: RunningStowage;
  readonly #registry: RegistryDoor;
  readonly #ecr: EcrDoor;

  constructor(stowage: RunningStowage, ledger: Ledger) {
    this.#stowage = stowage;
    this.#ledger = ledger;
    this.#registry = new RegistryDoor(stowage, 4);
    this.#ecr = new EcrDoor(stowage.api.another());
  }

  async close(): Promise<void> {
    await this.#registry.close();
    await this.#ecr.close();
  }

  /** What happened since the last audit, and the lists of every repository. */
  async recent(): Promise<void> {
    for (const blob of this.#ledger.recentBlobs) await this.#checkBlob(blob);
    for (const manifest of this.#ledger.recentManifests) await this.#checkManifest(manifest);
    for (const repository of this.#ledger.repositories) await this.#checkLists(repository);
    this.#ledger.settle();
  }

  /** Everything that was ever acknowledged, byte for byte, through both doors. */
  async everything(): Promise<void> {
    for (const blob of this.#ledger.blobs) await this.#checkBlob(blob);
    for (const manifest of this.#ledger.manifests.values()) {
      await this.#checkManifest(manifest);
      if (manifest.acknowledged) await this.#checkThroughApi(manifest);
    }
    for (const repository of this.#ledger.repositories) await this.#checkLists(repository);
    this.#ledger.settle();
  }

  async #checkBlob(known: string): Promise<void> {
    const [repository = "", digest = ""] = known.split(" ");
    await this.#readBlob(repository, digest, "was acknowledged");
  }

  async #readBlob(repository: string, digest: string, why: string): Promise<void> {
    const bytes = await this.#registry.pullBlob(repository, digest).catch((error: unknown) => {
      throw new Error(`the blob ${digest} in ${repository} ${why} and cannot be read`, { cause: error });
    });
    assert.equal(sha256(bytes), digest, `the blob ${digest} in ${repository} ${why} and has other bytes`);
  }

  /** An acknowledged manifest is there; one without an answer is whole or absent. */
  async #checkManifest(manifest: KnownManifest): Promise<void> {
    const { repository, digest, acknowledged } = manifest;
    const bytes = await this.#manifestOrNone(repository, digest);
    if (bytes === undefined) {
      assert.ok(!acknowledged, `the image ${digest} in ${repository} was acknowledged and is gone`);
      return;
    }
    assert.equal(sha256(bytes), digest, `the manifest ${digest} in ${repository} has other bytes`);
    for (const blob of blobsOf(bytes)) await this.#readBlob(repository, blob, `is named by ${digest}`);
  }

  async #checkThroughApi({ repository, digest, blobs }: KnownManifest): Promise<void> {
    const bytes = await this.#ecr.pullManifest(repository, digest);
    assert.equal(sha256(bytes), digest, `BatchGetImage answers other bytes for ${digest}`);
    for (const blob of blobs) {
      const found = sha256(await this.#ecr.pullBlob(repository, blob));
      assert.equal(found, blob, `the download URL of ${blob} leads to other bytes`);
    }
  }

  /** No list tells of something that cannot be pulled, and none tells less than another. */
  async #checkLists(repository: string): Promise<void> {
    const tags = await this.#registry.tags(repository);
    const listed = await this.#pages("ListImages", repository, "imageIds");
    const described = await this.#pages("DescribeImages", repository, "imageDetails");
    const byTag = new Map(
      listed.flatMap(({ imageDigest, imageTag }) =>
        typeof imageTag === "string" ? [[imageTag, String(imageDigest)] as const] : [],
      ),
    );
    assert.deepEqual([...byTag.keys()].sort(), [...tags].sort(), `${repository}: ListImages and tags/list differ`);
    const digests = new Set(listed.map(({ imageDigest }) => String(imageDigest)));
    assert.deepEqual(
      described.map(({ imageDigest }) => String(imageDigest)).sort(),
      [...digests].sort(),
      `${repository}: DescribeImages and ListImages differ`,
    );
    for (const digest of digests) {
      const known = this.#ledger.manifests.get(`${repository} ${digest}`);
      assert.ok(known, `${repository} lists the image ${digest}, which nobody pushed`);
    }
    for (const [tag, digest] of byTag) this.#checkTag(repository, tag, digest);
    for (const known of this.#ledger.tags.values()) {
      if (known.repository !== repository || known.acknowledged === undefined) continue;
      assert.ok(byTag.has(known.tag), `the tag ${known.tag} in ${repository} was acknowledged and is gone`);
    }
  }

  #checkTag(repository: string, tag: string, digest: string): void {
    const known: KnownTag | undefined = this.#ledger.tags.get(`${repository}:${tag}`);
    assert.ok(known, `${repository} lists the tag ${tag}, which nobody pushed`);
    const allowed = [...known.unanswered, ...(known.acknowledged === undefined ? [] : [known.acknowledged])];
    assert.ok(allowed.includes(digest), `${repository}:${tag} is ${digest} instead of ${allowed.join(" or ")}`);
    // From now on it may not change by itself.
    known.acknowledged = digest;
    known.unanswered.clear();
  }

  async #pages(operation: string, repositoryName: string, list: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    let nextToken: unknown;
    do {
      const after = nextToken === undefined ? {} : { nextToken };
      const page = await this.#stowage.api.call(operation, { repositoryName, maxResults: 1000, ...after });
      items.push(...((page[list] ?? []) as Record<string, unknown>[]));
      nextToken = page["nextToken"];
    } while (nextToken !== undefined);
    return items;
  }

  async #manifestOrNone(repository: string, reference: string): Promise<Buffer | undefined> {
    return this.#registry.pullManifest(repository, reference).catch((error: unknown) => {
      if (error instanceof DoorFailure && error.status === 404) return undefined;
      throw error;
    });
  }

  /** Goes on with each upload that a kill cut short, at once, as a client would that tries again. */
  async finishUploads(): Promise<CutUploads> {
    let [resumed, done, gone] = [0, 0, 0];
    const refused: string[] = [];
    for (const upload of this.#ledger.uploads) {
      const resuming = upload.door === "v2" ? this.#resumeThroughRegistry(upload) : this.#resumeThroughApi(upload);
      const went = await resuming.catch((error: unknown) => {
        if (!isAnswer(error)) throw error;
        refused.push(error.message);
        return undefined;
      });
      if (went === undefined) this.#ledger.uploads.delete(upload);
      else if (went) {
        resumed += 1;
        this.#ledger.ended(upload);
        await this.#readBlob(upload.repository, upload.content.digest, "was resumed");
      } else {
        this.#ledger.uploads.delete(upload);
        const { repository, content, ending } = upload;
        const { status } = await this.#registry.ask(`/v2/${repository}/blobs/${content.digest}`, { method: "HEAD" });
        if (status !== 200) {
          gone += 1;
        } else {
          assert.ok(
            ending || this.#ledger.blobs.has(`${repository} ${content.digest}`),
            "a blob stands that was never ended",
          );
          done += 1;
          this.#ledger.storedBlob(repository, content.digest);
          await this.#readBlob(repository, content.digest, "is answered to HEAD");
        }
      }
    }
    return { resumed, done, gone, refused };
  }

  /** @returns false when the upload is gone */
  async #resumeThroughRegistry({ place, content, heldBytes, repository }: KnownUpload): Promise<boolean> {
    const status = await this.#registry.ask(place, { method: "GET" });
    if (status.status === 404) return false;
    assert.equal(status.status, 204, `GET ${place}`);
    const range = String(status.headers["range"]);
    const last = Number(range.split("-")[1]);
    // An empty upload says 0-0, and so does one that holds one byte: the next chunk tells which it is.
    const at = last === 0 ? heldBytes : last + 1;
    assert.ok(
      at >= heldBytes,
      `the upload ${place} in ${repository} holds ${at} bytes of ${heldBytes} acknowledged ones`,
    );
    await this.#registry.finishUpload(place, content.digest, content.bytes.subarray(at));
    return true;
  }

  async #resumeThroughApi({ repository, place, content, heldBytes }: KnownUpload): Promise<boolean> {
    let at = heldBytes;
    while (at < content.bytes.length) {
      const part = content.bytes.subarray(at, at + PART_BYTES);
      try {
        await this.#ecr.uploadPart(repository, place, at, part);
        at += part.length;
      } catch (error) {
        if (!(error instanceof EcrFailure)) throw error;
        if (error.code === "UploadNotFoundException") return false;
        // The part before was written although its answer never came.
        const last = /"lastValidByteReceived"\s*:\s*(\d+)/.exec(error.message)?.[1];
        if (error.code !== "InvalidLayerPartException" || last === undefined) throw error;
        assert.ok(
          Number(last) + 1 > at,
          `the upload ${place} holds ${Number(last) + 1} bytes of ${at} acknowledged ones`,
        );
        at = Number(last) + 1;
      }
    }
    try {
      await this.#ecr.completeUpload(repository, place, content.digest);
      return true;
    } catch (error) {
      if (error instanceof EcrFailure && error.code === "UploadNotFoundException") return false;
      throw error;
    }
  }
}

const PART_BYTES = 5 * 1024 * 1024;
