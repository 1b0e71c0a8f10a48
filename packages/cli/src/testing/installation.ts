import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, ecrLogin, OciClient, type EcrClient } from "@stowage/client";
import { openOffline, start } from "@stowage/server";
import type { Io } from "../io.ts";
import { run } from "../program.ts";

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A manifest with the blobs that it names. */
interface PushedImage {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly blobs: readonly { readonly bytes: Uint8Array }[];
}

/** A server with its data directory, and the command line beside it in this process. */
export class Installation implements AsyncDisposable {
  readonly folder: string;
  readonly data: string;
  readonly endpoint: string;
  readonly ecr: EcrClient;
  readonly oci: OciClient;
  readonly #close: () => Promise<void>;

  private constructor(place: Pick<Installation, "folder" | "data" | "endpoint" | "ecr">, close: () => Promise<void>) {
    this.folder = place.folder;
    this.data = place.data;
    this.endpoint = place.endpoint;
    this.ecr = place.ecr;
    this.oci = new OciClient({ endpoint: place.endpoint, credentials: ecrLogin(place.ecr) });
    this.#close = close;
  }

  static async open(): Promise<Installation> {
    const folder = await mkdtemp(join(tmpdir(), "stowage-commands-"));
    const data = join(folder, "data");
    const server = await start({ flags: { data, listen: "127.0.0.1:0", "log-level": "silent" }, environment: {} });
    const { endpoint } = server;
    const beside = await openOffline({ flags: { data }, environment: {} });
    const ecr = create({ endpoint, region: beside.region, credentials: await beside.credentials() });
    await beside.close();
    return new Installation({ folder, data, endpoint, ecr }, () => server.close());
  }

  /** Runs a command on this installation. */
  stowage(line: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
    return runWith([...line, "--data", this.data], io);
  }

  /** Pushes an image, its children before it. */
  async push(repository: string, image: PushedImage, { tag }: { readonly tag?: string } = {}): Promise<void> {
    for (const { bytes } of image.blobs) {
      await this.oci.uploadBlob(repository, { open: (fromByte) => once(bytes.subarray(fromByte)) });
    }
    const { bytes, mediaType } = image;
    await this.oci.putManifest(repository, { bytes, mediaType, ...(tag === undefined ? {} : { reference: tag }) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    await rm(this.folder, { recursive: true });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Runs a command with a surrounding of its own. */
export async function runWith(line: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
  let out = "";
  let err = "";
  const code = await run(line, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    environment: {},
    ...io,
  });
  return { code, out, err };
}
