import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { folder, inspectImage, openFile, pullArchive, pullToLayout, pushArchive, pushLayout } from "@stowage/client";
import type { ImageAddress } from "@stowage/client";
import { testBlob, testImage, testIndex } from "@stowage/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tarOf } from "../../interop/tar.ts";
import { push } from "./images.ts";
import { collected, openRegistry } from "./registries.ts";
import type { TestRegistry } from "./registries.ts";

let registry: TestRegistry;
let work: string;

beforeAll(async () => {
  registry = await openRegistry();
  work = await mkdtemp(join(tmpdir(), "stowage-layouts-"));
  for (const name of ["in/app", "out/app"]) await registry.server.createRepository(name);
});

afterAll(async () => {
  await registry.server.close();
  await rm(work, { recursive: true });
});

function at(repository: string, reference: string): ImageAddress {
  return { client: registry.client, repository, reference };
}

describe("a layout", () => {
  it("takes an index with its referrers and gives it back, byte for byte", async () => {
    const [one, two] = [testImage({ layers: ["one"] }), testImage({ layers: ["two"] })];
    const index = testIndex([one, two]);
    for (const image of [one, two]) await push(registry.client, "in/app", image);
    await push(registry.client, "in/app", index, "multi");
    const subject = { mediaType: index.mediaType, digest: index.digest, size: index.bytes.length };
    const signature = testImage({ layers: ["sig"], extra: { subject, artifactType: "application/x-sig" } });
    await push(registry.client, "in/app", signature);

    const files = folder(join(work, "multi"));
    const pulled = await pullToLayout(at("in/app", "multi"), files, { referrers: true });
    expect(pulled.digest).toBe(index.digest);
    expect(await pullToLayout(at("in/app", "multi"), files, { referrers: true })).toMatchObject({ blobs: 0, bytes: 0 });
    const listed = JSON.parse(await readFile(join(work, "multi/index.json"), "utf8")) as { manifests: unknown[] };
    expect(listed.manifests).toHaveLength(2);

    const pushed = await pushLayout(files, at("out/app", "again"), { image: "multi", referrers: true });
    expect(pushed).toMatchObject({ digest: index.digest, manifests: 4 });
    const copy = await registry.client.getManifest("out/app", "again");
    expect(Buffer.from(copy.bytes).equals(index.bytes)).toBe(true);
  });

  it("takes an image by digest, without a name", async () => {
    const image = testImage({ layers: ["by digest"] });
    await push(registry.client, "in/app", image);
    const files = folder(join(work, "digest"));
    await pullToLayout(at("in/app", image.digest), files);
    expect(await pushLayout(files, at("out/app", "named"))).toMatchObject({ digest: image.digest });
  });

  it("is refused when a file has other bytes than its name says, and nothing is pushed", async () => {
    const image = testImage({ layers: ["the right bytes"] });
    await push(registry.client, "in/app", image, "right");
    const place = join(work, "wrong");
    await pullToLayout(at("in/app", "right"), folder(place));
    const [, layer] = image.blobs;
    const file = join(place, "blobs", layer!.digest.replace(":", "/"));
    await writeFile(file, "the wrong bytes");
    await registry.server.createRepository("out/wrong");
    await expect(pushLayout(folder(place), at("out/wrong", "x"))).rejects.toThrow(/have the digest sha256:/);
    await writeFile(file, "the right bytes and more");
    await expect(pushLayout(folder(place), at("out/wrong", "x"))).rejects.toThrow(/has over 15 bytes/);
    await writeFile(file, "the right");
    await expect(pushLayout(folder(place), at("out/wrong", "x"))).rejects.toThrow(/has 9 bytes instead of 15/);
    expect(await registry.client.headManifest("out/wrong", "x")).toBeUndefined();
    expect(await registry.client.headBlob("out/wrong", layer!.digest)).toBeUndefined();
  });

  it("leads nowhere by links or names", async () => {
    const image = testImage({ layers: ["linked"] });
    await push(registry.client, "in/app", image, "linked");
    const place = join(work, "linked");
    await pullToLayout(at("in/app", "linked"), folder(place));
    const file = join(place, "blobs", image.blobs[1]!.digest.replace(":", "/"));
    await writeFile(join(work, "secret"), "linked");
    await rm(file);
    await symlink(join(work, "secret"), file);
    await registry.server.createRepository("out/linked");
    await expect(pushLayout(folder(place), at("out/linked", "x"))).rejects.toThrow("is a link");

    await mkdir(join(work, "elsewhere/sha256"), { recursive: true });
    const trap = join(work, "trap");
    await mkdir(trap);
    await symlink(join(work, "elsewhere"), join(trap, "blobs"));
    await expect(pullToLayout(at("in/app", "linked"), folder(trap))).rejects.toThrow("leads out of its folder");
    expect(await readdir(join(work, "elsewhere/sha256"))).toEqual([]);
    for (const name of ["../secret", "a/../../secret", "/etc/passwd", "", "a//b", "a\0b"]) {
      await expect(folder(trap).sizeBytes(name)).rejects.toThrow("is no name of a file");
    }
  });
});

describe("an archive", () => {
  it("goes out for docker load and comes back as a layout", async () => {
    const config = '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}';
    const image = testImage({ config, layers: ["first", "second", "first"] });
    await push(registry.client, "in/app", image, "saved");
    const bytes = await collected(pullArchive(at("in/app", "saved"), { names: ["app:saved"] }));
    await writeFile(join(work, "saved.tar"), bytes);
    await using file = await openFile(join(work, "saved.tar"));
    expect(await pushArchive(file, at("out/app", "loaded"))).toMatchObject({ digest: image.digest });
    expect(bytes.toString("latin1")).toContain('"RepoTags":["app:saved"]');
  });

  it("of docker save is pushed with compressed layers, each held against its configuration", async () => {
    const layers = ["a layer of docker's", "another"].map((text) => testBlob(text));
    const config = JSON.stringify({
      architecture: "amd64",
      os: "linux",
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    });
    const saved = (second: string): Buffer =>
      tarOf([
        { name: "one/layer.tar", bytes: layers[0]!.bytes },
        { name: "two/layer.tar", bytes: new TextEncoder().encode(second) },
        { name: "config.json", bytes: Buffer.from(config) },
        {
          name: "manifest.json",
          bytes: Buffer.from(
            JSON.stringify([
              { Config: "config.json", RepoTags: ["app:1"], Layers: ["one/layer.tar", "two/layer.tar"] },
            ]),
          ),
        },
      ]);
    await writeFile(join(work, "docker.tar"), saved("another"));
    await using file = await openFile(join(work, "docker.tar"));
    await pushArchive(file, at("out/app", "docker"), { image: "app:1" });
    const { manifest, config: pushed } = await inspectImage(at("out/app", "docker"));
    expect(pushed).toEqual(JSON.parse(config));
    const contents = await Promise.all(
      manifest.layers.map(async ({ digest }) =>
        gunzipSync(await collected(registry.client.getBlob("out/app", digest))),
      ),
    );
    expect(contents.map(String)).toEqual(["a layer of docker's", "another"]);

    await writeFile(join(work, "forged.tar"), saved("forged!"));
    await using forged = await openFile(join(work, "forged.tar"));
    await expect(pushArchive(forged, at("out/app", "forged"))).rejects.toThrow(/as the layer sha256:/);
    expect(await registry.client.headManifest("out/app", "forged")).toBeUndefined();
    await expect(pushArchive(file, at("out/app", "x"), { image: "app:2" })).rejects.toThrow("it has app:1");
  });

  it("that is none, is compressed, ends early or has no image is refused", async () => {
    const cases = [
      [Buffer.alloc(2048, 7), "no tar archive"],
      [tarOf([{ name: "x", bytes: Buffer.alloc(2000) }]).subarray(0, 1024), "ends within a file"],
      [tarOf([{ name: "x", bytes: Buffer.from("y") }]), "neither an OCI layout nor from docker save"],
    ] as const;
    for (const [bytes, complaint] of cases) {
      await writeFile(join(work, "bad.tar"), bytes);
      await using file = await openFile(join(work, "bad.tar"));
      await expect(pushArchive(file, at("out/app", "bad"))).rejects.toThrow(complaint);
    }
  });
});
