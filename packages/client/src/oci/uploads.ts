import { digestOf } from "@stowage/model";
import type { Digest } from "@stowage/model";
import { NoAnswerError } from "../ecr/failures.ts";
import { headBlob } from "./blobs.ts";
import { Verifier } from "./content.ts";
import type { Expected } from "./content.ts";
import { ContentMismatchError, OciError } from "./failures.ts";
import type { OciCallOptions } from "./options.ts";
import type { Transport } from "./transport.ts";
import { UploadSession } from "./upload-session.ts";

export const DEFAULT_PART_BYTES = 8 * 1024 * 1024;

/** Bytes to upload. */
export interface BlobContent {
  /** What they are; without it the digest is computed while they are sent. */
  readonly expected?: Expected | undefined;
  /**
   * The chunks from a byte on: a connection that breaks is gone on from where the registry has them. The memory of a chunk
   * may be used again once the next is asked for.
   */
  readonly open: (fromByte: number) => AsyncIterable<Uint8Array>;
}

export interface UploadOptions extends OciCallOptions {
  /** Goes on with this session instead of a new one. */
  readonly session?: UploadSession;
  readonly partBytes?: number | undefined;
  /** Told as bytes leave, or when a break takes them back. */
  readonly onBytes?: ((doneBytes: number) => void) | undefined;
}

export interface UploadedBlob {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/**
 * Uploads a blob: as one streamed request where the platform can, else in parts that are kept until the registry has them.
 * An upload that fails for good is cancelled.
 * @throws ContentMismatchError the bytes are not those that were expected; nothing is kept
 * @throws OciError @throws NoAnswerError
 */
export async function uploadBlob(
  transport: Transport,
  repository: string,
  { content, ...options }: UploadOptions & { readonly content: BlobContent },
): Promise<UploadedBlob> {
  const upload = new Upload(transport, repository, { ...options, content });
  return upload.run();
}

class Upload {
  readonly #transport: Transport;
  readonly #repository: string;
  readonly #options: UploadOptions & { readonly content: BlobContent };
  #session: UploadSession | undefined;

  constructor(transport: Transport, repository: string, options: UploadOptions & { readonly content: BlobContent }) {
    this.#transport = transport;
    this.#repository = repository;
    this.#options = options;
    this.#session = options.session;
  }

  async run(): Promise<UploadedBlob> {
    const { content } = this.#options;
    this.#session ??= await this.#begin();
    try {
      if (!this.#transport.streamsBodies) return await this.#inParts();
      return content.expected === undefined ? await this.#unknown() : await this.#streamed(content.expected);
    } catch (error) {
      await this.#session?.cancel();
      throw error;
    }
  }

  #begin(): Promise<UploadSession> {
    return UploadSession.begin(this.#transport, { repository: this.#repository, signal: this.#options.signal });
  }

  /** One PUT with everything; after a break PATCH with the rest. */
  async #streamed(expected: Expected): Promise<UploadedBlob> {
    const { content, signal } = this.#options;
    const verifier = new Verifier(this.#transport.platform, expected);
    let held = 0;
    for (let attempt = 1; ; attempt += 1) {
      const chunks = this.#counted(verifier.passing(content.open(held), held), held);
      const body = { chunks, lengthBytes: expected.sizeBytes - held };
      try {
        const session = (this.#session ??= await this.#begin());
        if (held === 0) {
          await session.complete(expected.digest, body);
        } else {
          if (body.lengthBytes > 0) await session.append(body, undefined);
          await session.complete(expected.digest);
        }
        return expected;
      } catch (error) {
        if (!isBreak(error) || attempt >= this.#transport.maxAttempts) throw error;
        await this.#transport.pause(attempt, { signal });
        if (await this.#isThere(expected)) return expected;
        held = await this.#resumedAt(expected.sizeBytes);
      }
    }
  }

  /** One PATCH whose length nobody knows, then PUT with the digest that was found. */
  async #unknown(): Promise<UploadedBlob> {
    const { content } = this.#options;
    const hash = this.#transport.platform.hash("sha256");
    let sizeBytes = 0;
    const hashed = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of content.open(0)) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        yield chunk;
      }
    };
    const session = (this.#session ??= await this.#begin());
    await session.append({ chunks: this.#counted(hashed(), 0) }, undefined);
    const uploaded = { digest: digestOf("sha256", hash.digest()), sizeBytes };
    await this.#complete(uploaded);
    return uploaded;
  }

  async #inParts(): Promise<UploadedBlob> {
    const { content, partBytes = DEFAULT_PART_BYTES } = this.#options;
    const { expected } = content;
    const session = (this.#session ??= await this.#begin());
    const hash = expected === undefined ? this.#transport.platform.hash("sha256") : undefined;
    const checked =
      expected === undefined
        ? content.open(0)
        : new Verifier(this.#transport.platform, expected).passing(content.open(0));
    let sentBytes = 0;
    for await (const part of partsOf(checked, Math.max(partBytes, session.minPartBytes))) {
      hash?.update(part);
      if (part.length === expected?.sizeBytes) {
        await this.#complete(expected, part);
        return expected;
      }
      await this.#sendPart(session, part, sentBytes);
      sentBytes += part.length;
      this.#options.onBytes?.(sentBytes);
    }
    const uploaded = expected ?? { digest: digestOf("sha256", hash?.digest() ?? ""), sizeBytes: sentBytes };
    await this.#complete(uploaded);
    return uploaded;
  }

  /** @param whole all bytes, when none was sent before */
  async #complete(expected: Expected, whole?: Uint8Array): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const session = (this.#session ??= await this.#begin());
        await session.complete(expected.digest, whole);
        return;
      } catch (error) {
        const isAgain = isBreak(error) || (whole !== undefined && isOutOfStep(error));
        if (!isAgain || attempt >= this.#transport.maxAttempts) throw error;
        await this.#transport.pause(attempt, { signal: this.#options.signal });
        if (await this.#isThere(expected)) return;
        if (whole !== undefined) await this.#resumedAt(0);
      }
    }
  }

  async #sendPart(session: UploadSession, part: Uint8Array, fromByte: number): Promise<void> {
    const end = fromByte + part.length;
    let at = fromByte;
    for (let attempt = 1; at < end; attempt += 1) {
      try {
        at = (await session.append(part.subarray(at - fromByte), at)) ?? end;
      } catch (error) {
        if (!(isBreak(error) || isOutOfStep(error)) || attempt >= this.#transport.maxAttempts) throw error;
        await this.#transport.pause(attempt, { signal: this.#options.signal });
        at = (await session.heldBytes()) ?? -1;
      }
      if (at < fromByte || at > end || attempt > this.#transport.maxAttempts) {
        throw new ContentMismatchError(`${this.#repository} has ${at} bytes of an upload of which ${end} were sent`);
      }
    }
  }

  /** The answer may have been lost alone. */
  async #isThere({ digest, sizeBytes }: Expected): Promise<boolean> {
    const head = await headBlob(this.#transport, { repository: this.#repository, digest }, this.#options);
    return head?.sizeBytes === sizeBytes;
  }

  /** Where to go on: where the registry is, or at the start of another session. */
  async #resumedAt(sizeBytes: number): Promise<number> {
    const held = await this.#session?.heldBytes();
    if (held !== undefined && held > 0 && held <= sizeBytes) return held;
    await this.#session?.cancel();
    this.#session = undefined;
    return 0;
  }

  async *#counted(chunks: AsyncIterable<Uint8Array>, fromByte: number): AsyncGenerator<Uint8Array> {
    let at = fromByte;
    for await (const chunk of chunks) {
      yield chunk;
      at += chunk.length;
      this.#options.onBytes?.(at);
    }
  }
}

/** Whether the connection failed, or a server on the way, rather than the request. */
function isBreak(error: unknown): boolean {
  return error instanceof NoAnswerError || (error instanceof OciError && (error.status >= 500 || error.status === 429));
}

/**
 * Whether the registry has other bytes than this client knows of: browsers send a request again by themselves when a kept
 * connection broke, also when the registry had kept some of it.
 */
function isOutOfStep(error: unknown): boolean {
  return error instanceof OciError && (error.status === 416 || error.code === "DIGEST_INVALID");
}

/** Copies chunks into parts of the same size, the last one aside; the memory of a part is used again for the next. */
async function* partsOf(chunks: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(Math.min(partBytes, FIRST_BYTES));
  let filled = 0;
  for await (const chunk of chunks) {
    let rest = chunk;
    while (rest.length > 0) {
      const taken = rest.subarray(0, partBytes - filled);
      if (filled + taken.length > part.length) part = grown(part.subarray(0, filled), partBytes, filled + taken.length);
      part.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled < partBytes) continue;
      yield part;
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/** Most blobs are smaller than a part. */
const FIRST_BYTES = 64 * 1024;

function grown(part: Uint8Array, mostBytes: number, leastBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(mostBytes, Math.max(leastBytes, part.length * 2)));
  larger.set(part);
  return larger;
}
