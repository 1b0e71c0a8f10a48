import { attach, copyImage, inspectImage, pullArchive, pullToLayout, pushArchive, pushLayout } from "@stowage/client";
import type { ImageAddress, ImageProgress, OciClient } from "@stowage/client";
import { mediaTypes } from "@stowage/model";
import { contentOf, noise } from "./contents.ts";
import type { Content, Image } from "./contents.ts";
import type { Steps } from "./steps.ts";
import { once, pushImage } from "./oci-stage.ts";
import type { OciStage } from "./oci-stage.ts";
import { collected, listed, same, sameBytes } from "./outcomes.ts";
import { tarOf } from "./tar.ts";

const MULTI = { repository: "oci/app", reference: "multi" };
/**
 * Manifests and blobs that travel: an index with a note, two images, and the note of one of them; two layers,
 * configurations and notes, and the empty configuration of these.
 */
const WHOLE = [5, 7];

/** Images between registries, repositories, folders and archives. */
export const copySteps: Steps<OciStage> = {
  "copies an index of two platforms with what refers to it to another registry": async (stage) => {
    const { client, other, index } = stage;
    const note = await pushMulti(stage);
    const events: ImageProgress[] = [];
    const from = { client, ...MULTI };
    const to = { client: other, repository: "oci/copy", reference: "multi" };
    const onProgress = (event: ImageProgress): void => void events.push(event);
    const { digest, manifests, blobs } = await copyImage(from, to, { referrers: true, onProgress });
    same([digest, manifests, blobs], [index.digest, ...WHOLE]);
    same(events.filter(({ state }) => state === "done").length, 13);
    const referrers = await listed(other.referrers("oci/copy", index.digest));
    same(
      referrers.map((entry) => entry.digest),
      [note],
    );
    const again = await copyImage(from, to, { referrers: true });
    same([again.manifests, again.blobs], [0, 0]);
    return pulled(other, "oci/copy", index);
  },
  "copies an image between repositories, and mounts where the registry allows it": async (stage) => {
    const { client, ecr, amd } = stage;
    const from = { client, repository: "oci/app", reference: "amd" };
    const first = await copyImage(from, { client, repository: "oci/copy", reference: "sent" });
    same([first.digest, first.blobs], [amd.digest, 2]);
    await ecr.putAccountSetting({ name: "BLOB_MOUNTING", value: "ENABLED" });
    const second = await copyImage(from, { client, repository: "oci/folder", reference: "mounted" });
    same([second.digest, second.blobs], [amd.digest, 0]);
    return pulled(client, "oci/folder", amd);
  },
  "copies one platform of an index": async ({ client, other }) => {
    const to = { client: other, repository: "oci/archive", reference: "arm" };
    await copyImage({ client, ...MULTI }, to, { platforms: ["linux/arm64"] });
    return same(await architectureOf(to), "arm64");
  },
  "pulls an image to a folder and pushes it from there": async ({ client, other, machine, index }) => {
    const folder = await machine.folder();
    const down = await pullToLayout({ client, ...MULTI }, folder, { referrers: true });
    const to = { client: other, repository: "oci/folder", reference: "back" };
    const up = await pushLayout(folder, to, { image: "multi", referrers: true });
    same([down.digest, up.digest, up.manifests, up.blobs], [index.digest, index.digest, ...WHOLE]);
    return pulled(other, "oci/folder", index);
  },
  "pulls an image as an archive and pushes that": async ({ client, other, machine, amd }) => {
    const archive = await machine.file(pullArchive({ client, repository: "oci/app", reference: "amd" }));
    const to = { client: other, repository: "oci/archive", reference: "back" };
    same((await pushArchive(archive, to)).digest, amd.digest);
    return pulled(other, "oci/archive", amd);
  },
  "pushes an archive of docker save, compressing its layers": async ({ client, machine }) => {
    const layer = await contentOf(new Uint8Array(2_000_000).fill(7));
    const archive = await machine.file(once(await savedImage(layer)));
    const to = { client, repository: "oci/archive", reference: "saved" };
    await pushArchive(archive, to);
    const { manifest, sizeBytes } = await inspectImage(to);
    same([manifest.mediaType, sizeBytes < 100_000], [mediaTypes.dockerImage, true]);
    const [packed] = manifest.layers;
    if (packed === undefined) return false;
    const bytes = await collected(client.getBlob("oci/archive", packed.digest));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return sameBytes(new Uint8Array(await new Response(unpacked).arrayBuffer()), layer.bytes);
  },
};

/** @returns the digest of what refers to the index */
async function pushMulti(stage: OciStage): Promise<string> {
  for (const image of stage.index.children) await pushImage(stage, image);
  await pushImage(stage, stage.index, MULTI);
  const note = { mediaType: "text/plain", bytes: noise(10) };
  return (await attach({ client: stage.client, ...MULTI }, { artifactType: "example/note", blobs: [note] })).digest;
}

/** Reads an image with all that it consists of. */
async function pulled(client: OciClient, repository: string, image: Image): Promise<true> {
  sameBytes((await client.getManifest(repository, image.digest)).bytes, image.bytes);
  for (const { digest, bytes } of image.blobs) sameBytes(await collected(client.getBlob(repository, digest)), bytes);
  for (const child of image.children) await pulled(client, repository, child);
  return true;
}

async function architectureOf(address: ImageAddress): Promise<unknown> {
  const { config } = await inspectImage(address);
  return (config as { readonly architecture?: unknown } | undefined)?.architecture;
}

async function savedImage(layer: Content): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const config = { os: "linux", architecture: "amd64", rootfs: { type: "layers", diff_ids: [layer.digest] } };
  return tarOf({
    "config.json": encoder.encode(JSON.stringify(config)),
    "layer.tar": layer.bytes,
    "manifest.json": encoder.encode(JSON.stringify([{ Config: "config.json", RepoTags: null, Layers: ["layer.tar"] }])),
  });
}
