import { sha256 } from "./content.ts";
import { type Door, pushImage } from "./doors.ts";
import { blobsOf, type Image, makeImage } from "./images.ts";

const KIB = 1024;
const LAYER_SIZES_BYTES = [64 * KIB, 64 * KIB, 1024 * KIB];

export interface ClientWork {
  readonly repository: string;
  /** Sets its tags apart from those of other clients. */
  readonly prefix: string;
  readonly images: number;
}

export interface ClientOutcome {
  readonly images: number;
  /** What went wrong, in words. */
  readonly failures: readonly string[];
}

/** Pushes images through one door, pulls each back by its tag, and compares every digest. */
export async function runClient(door: Door, { repository, prefix, images }: ClientWork): Promise<ClientOutcome> {
  const failures: string[] = [];
  let done = 0;
  for (let number = 0; number < images; number += 1) {
    const image = makeImage(LAYER_SIZES_BYTES);
    const tag = `${prefix}-${number}`;
    try {
      await pushImage(door, repository, tag, image);
      await checkImage(door, `${repository}:${tag}`, image);
      done += 1;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  await door.close();
  return { images: done, failures };
}

async function checkImage(door: Door, name: string, image: Image): Promise<void> {
  const [repository = "", tag = ""] = name.split(":");
  const manifest = await door.pullManifest(repository, tag);
  if (!manifest.equals(image.manifest.bytes)) throw new Error(`${name} answers another manifest`);
  for (const digest of blobsOf(manifest)) {
    const found = sha256(await door.pullBlob(repository, digest));
    if (found !== digest) throw new Error(`the blob ${digest} of ${name} came as ${found}`);
  }
}
