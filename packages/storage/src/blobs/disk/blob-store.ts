import { mkdir, open, opendir, readdir, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Digest, SupportedAlgorithm, UploadId } from "@stowage/model";
import { digestAlgorithm, digestEncoded, digestOf } from "@stowage/model";
import type {
  BlobFiles,
  BlobLocation,
  BlobStat,
  BlobStore,
  Bytes,
  PublishedBlob,
  PublishedUpload,
} from "@stowage/registry";
import { AppendInterrupted, DigestMismatch, UploadBytesLost, UploadTooLarge } from "@stowage/registry";
import { absent } from "../../file-errors.ts";
import { syncDirectory } from "../../sync-directory.ts";
import { SourceFailure, guarded } from "../source.ts";
import { BatchBuffers, PartBatches } from "./batches.ts";
import { DiskPaths, isUploadName } from "./paths.ts";
import { Threads } from "./threads.ts";

const OWNER_ONLY = 0o700;

const READ_BYTES = 262_144;

/** Opens the blobs in a directory, which is made when it is missing. One process may have it open. */
export async function openDiskBlobs(options: { readonly directory: string }): Promise<BlobStore> {
  const paths = new DiskPaths(options.directory);
  for (const path of [options.directory, paths.uploads, paths.blobs]) {
    await mkdir(path, { recursive: true, mode: OWNER_ONLY });
    await syncDirectory(dirname(path));
  }
  return new DiskBlobStore(paths);
}

/**
 * Blobs as files. Threads hash and write; the event loop only copies what came into memory that they see.
 * What an upload holds is not durable until it is published.
 */
class DiskBlobStore implements BlobStore {
  readonly files: BlobFiles;
  readonly #paths: DiskPaths;
  readonly #threads = new Threads();
  readonly #buffers = new BatchBuffers();

  constructor(paths: DiskPaths) {
    this.#paths = paths;
    this.files = { file: (at) => ({ path: paths.blob(at), offsetBytes: 0 }) };
  }

  async stat(at: BlobLocation): Promise<BlobStat | undefined> {
    const found = await stat(this.#paths.blob(at)).catch(absent);
    return found && { sizeBytes: found.size };
  }

  async *read(
    at: BlobLocation,
    range: { readonly fromByte: number; readonly toByte?: number } = { fromByte: 0 },
  ): Bytes {
    const file = await open(this.#paths.blob(at), "r");
    try {
      const { fromByte, toByte } = range;
      let position = fromByte;
      while (toByte === undefined || position <= toByte) {
        const wanted = toByte === undefined ? READ_BYTES : Math.min(READ_BYTES, toByte - position + 1);
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(wanted), 0, wanted, position);
        if (bytesRead === 0) {
          if (toByte !== undefined) throw new Error(`a blob ends at byte ${position}, before byte ${toByte}`);
          return;
        }
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  async append(id: UploadId, atByte: number, part: Bytes, limitBytes: number): Promise<number> {
    const path = this.#paths.upload(id);
    return this.#threads.using(path, async (ask) => {
      const batches = new PartBatches(this.#buffers, { path, atByte }, ask);
      try {
        for await (const chunk of guarded(part)) {
          if (batches.endByte + chunk.byteLength > limitBytes) throw new UploadTooLarge(batches.endByte);
          await batches.add(chunk);
        }
        await batches.finish();
        return batches.endByte;
      } catch (error) {
        if (!(error instanceof SourceFailure || error instanceof UploadTooLarge)) throw error;
        await batches.finish();
        throw error instanceof SourceFailure ? new AppendInterrupted(batches.endByte, error.cause) : error;
      } finally {
        await batches.close();
      }
    });
  }

  async publish(
    id: UploadId,
    expected: { readonly digest: Digest; readonly sizeBytes: number },
  ): Promise<PublishedBlob> {
    const { digest, sizeBytes } = expected;
    const path = this.#paths.upload(id);
    const location = this.#paths.location(digest, id);
    const algorithm = digestAlgorithm(digest);
    const answer = await this.#threads.using(path, (ask) =>
      ask({
        kind: "publish",
        path,
        target: this.#paths.blob(location),
        algorithm,
        hash: digestEncoded(digest),
        sizeBytes,
      }),
    );
    if (answer.kind === "lost") throw new UploadBytesLost(answer.heldBytes);
    this.#threads.forget(path);
    if (answer.kind === "mismatch") throw new DigestMismatch(digestOf(supported(algorithm), answer.hash));
    return { location, sizeBytes, digest };
  }

  async discard(id: UploadId): Promise<void> {
    const path = this.#paths.upload(id);
    await this.#threads.using(path, (ask) => ask({ kind: "discard", path }));
    this.#threads.forget(path);
  }

  async *uploads(): AsyncGenerator<UploadId> {
    for await (const entry of await opendir(this.#paths.uploads)) {
      if (isUploadName(entry.name)) yield entry.name;
    }
  }

  /** One folder after the other, as they come: a walk that Node makes by itself holds up everything else until its end. */
  async *published(): AsyncGenerator<PublishedUpload> {
    for (const algorithm of await foldersIn(this.#paths.blobs)) {
      for (const folder of await foldersIn(join(this.#paths.blobs, algorithm))) {
        for await (const { name } of await opendir(join(this.#paths.blobs, algorithm, folder))) {
          const blob = this.#paths.published(`${algorithm}/${folder}/${name}`);
          if (blob !== undefined) yield blob;
        }
      }
    }
  }

  async remove(at: BlobLocation): Promise<void> {
    await unlink(this.#paths.blob(at)).catch(absent);
  }

  async digest(at: BlobLocation, algorithm: SupportedAlgorithm): Promise<Digest | undefined> {
    const answer = await this.#threads.ask({ kind: "digest", path: this.#paths.blob(at), algorithm });
    return answer.kind === "digest" && answer.hash !== undefined ? digestOf(algorithm, answer.hash) : undefined;
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function supported(algorithm: string): SupportedAlgorithm {
  if (algorithm === "sha256" || algorithm === "sha512") return algorithm;
  throw new Error(`no digest of ${algorithm} can be computed`);
}
