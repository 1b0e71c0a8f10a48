import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { containersProgram } from "../containers.ts";
import { startDocker } from "../docker-engine.ts";
import {
  blobPath,
  configOf,
  type Descriptor,
  fileDigest,
  HOST_ARCHITECTURE,
  jsonContent,
  manifestOf,
  mediaTypes,
  writeLayoutIndex,
} from "../images.ts";
import type { Scenario } from "../scenario.ts";
import { tarEnd, tarHeader, tarPadding } from "../tar.ts";

const MEBIBYTE = 1024 * 1024;
const LAYER_BYTES = 1024 * MEBIBYTE;
const PATIENCE = { timeoutMs: 180_000 };

/** One layer of 1 GiB of random bytes, in and out by several clients. */
export const largeLayer: Scenario = {
  name: "large-layer",
  tools: ["crane", "skopeo", "regctl", "docker", "dockerd", "containerd", "runc"],
  version: "crane, skopeo, regctl, docker as above",
  async run(context) {
    const { registry } = context;
    const [first, second] = [await context.newRepository("first"), await context.newRepository("second")];
    const password = await registry.password();
    const crane = context.program("crane");
    await crane.run(["auth", "login", registry.host, "-u", registry.user, "--password-stdin"], { input: password });
    const { layer, manifest } = await context.step("make a layer of 1 GiB", () =>
      writeLargeLayout(context.path("large")),
    );
    const returned = async (folder: string): Promise<void> => {
      assert.equal(await fileDigest(blobPath(context.path(folder), layer.digest)), layer.digest);
      await rm(context.path(folder), { recursive: true });
    };

    await context.step("crane: push", async () => {
      await crane.run(["push", "large", `${registry.host}/${first}:v1`], PATIENCE);
      await registry.expectManifest(first, "v1", manifest.digest);
    });
    await context.step("skopeo: pull and compare", async () => {
      const skopeo = await containersProgram(context, "skopeo");
      const from = ["--src-creds", `${registry.user}:${password}`, `docker://${registry.host}/${first}:v1`];
      await skopeo.run(["copy", ...from, "oci:by-skopeo:v1"], PATIENCE);
      await returned("by-skopeo");
    });
    await context.step("regctl: push in chunks, pull and compare", async () => {
      const regctl = context.program("regctl", { env: { REGCTL_CONFIG: context.path("regctl.json") } });
      const chunks = ["--blob-chunk", String(64 * MEBIBYTE), "--blob-max", String(128 * MEBIBYTE)];
      await regctl.run(["registry", "set", registry.host, "--tls", "disabled", "--skip-check", ...chunks]);
      await regctl.run(["registry", "login", registry.host, "-u", registry.user, "--pass-stdin"], { input: password });
      await regctl.run(["image", "copy", "ocidir://large:v1", `${registry.host}/${second}:v1`], PATIENCE);
      await regctl.run(["image", "copy", `${registry.host}/${second}:v1`, "ocidir://by-regctl:v1"], PATIENCE);
      await returned("by-regctl");
    });
    await context.step("docker: pull", async () => {
      const docker = await startDocker(context);
      await docker.run(["pull", `${registry.host}/${first}@${manifest.digest}`], PATIENCE);
      const id = await docker.run(["inspect", "--format", "{{.Id}}", `${registry.host}/${first}@${manifest.digest}`]);
      assert.equal(id, JSON.parse(Buffer.from(manifest.bytes).toString()).config.digest);
    });
    await context.step("crane: delete", async () => {
      await crane.run(["delete", `${registry.host}/${first}@${manifest.digest}`]);
      await registry.expectGone(first, "v1");
    });
  },
};

interface LargeLayout {
  readonly layer: Descriptor;
  readonly manifest: ReturnType<typeof manifestOf>;
}

/** The layer is compressed by name alone (stored blocks), so that making it takes seconds and no client compresses it. */
async function writeLargeLayout(folder: string): Promise<LargeLayout> {
  await mkdir(join(folder, "blobs/sha256"), { recursive: true });
  const [archive, compressed] = [createHash("sha256"), createHash("sha256")];
  let sizeBytes = 0;
  const file = join(folder, "layer");
  await pipeline(
    function* () {
      for (const part of largeArchive()) {
        archive.update(part);
        yield part;
      }
    },
    createGzip({ level: 0, chunkSize: MEBIBYTE }),
    async function* (parts: AsyncIterable<Buffer>) {
      for await (const part of parts) {
        compressed.update(part);
        sizeBytes += part.length;
        yield part;
      }
    },
    createWriteStream(file),
  );
  const layer = { mediaType: mediaTypes.oci.layer, digest: `sha256:${compressed.digest("hex")}`, size: sizeBytes };
  await rename(file, blobPath(folder, layer.digest));
  const config = jsonContent(mediaTypes.oci.config, configOf(HOST_ARCHITECTURE, [`sha256:${archive.digest("hex")}`]));
  const manifest = manifestOf("oci", config, [layer]);
  for (const piece of [config, manifest]) await writeFile(blobPath(folder, piece.digest), piece.bytes);
  await writeLayoutIndex(folder, { v1: manifest });
  return { layer, manifest };
}

function* largeArchive(): Generator<Buffer> {
  yield tarHeader("data-0.bin", LAYER_BYTES);
  for (let made = 0; made < LAYER_BYTES; made += MEBIBYTE) yield randomBytes(MEBIBYTE);
  yield tarPadding(LAYER_BYTES);
  yield tarEnd();
}
