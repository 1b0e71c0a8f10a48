import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { testBlob, testImage } from "@stowage/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as web from "../../../packages/client/src/web/index.ts";
import { tarOf } from "../../interop/tar.ts";
import { push } from "./images.ts";
import { collected, openRegistry } from "./registries.ts";
import type { TestRegistry } from "./registries.ts";

let registry: TestRegistry;
let client: web.OciClient;

beforeAll(async () => {
  registry = await openRegistry();
  for (const name of ["web/one", "web/two"]) await registry.server.createRepository(name);
  const ecr = new web.EcrClient({
    endpoint: registry.server.origin,
    region: "us-east-1",
    credentials: await registry.server.ecr.config.credentials(),
  });
  const endpoint = registry.server.origin;
  client = new web.OciClient({ endpoint, credentials: web.ecrLogin(ecr), partBytes: 1_000_000 });
});

afterAll(() => registry.server.close());

it("the web build copies, tags, inspects and deletes", async () => {
  const image = testImage({ layers: [randomBytes(2_500_000).toString("base64"), "small"] });
  await push(registry.client, "web/one", image, "v1");
  const from = { client, repository: "web/one", reference: "v1" };
  const { digest, blobs } = await web.copyImage(from, { client, repository: "web/two", reference: "v1" });
  expect({ digest, blobs }).toEqual({ digest: image.digest, blobs: 3 });
  await client.tag("web/two", "v1", { tag: "v2" });
  const tags: string[] = [];
  for await (const tag of client.tags("web/two", { pageSize: 1 })) tags.push(tag);
  expect(tags).toEqual(["v1", "v2"]);
  const { config } = await web.inspectImage({ client, repository: "web/two", reference: "v2" });
  expect(config).toEqual({ architecture: "amd64", os: "linux" });
  expect(await client.deleteManifest("web/two", image.digest)).toBe(true);
  expect(await client.headManifest("web/two", "v1")).toBeUndefined();
  await expect(client.deleteBlob("web/two", image.blobs[0]!.digest)).rejects.toMatchObject({ status: 405 });
});

it("the web build pushes what a user chose, compressing it on the way", async () => {
  const layer = testBlob("a layer of a page's");
  const config = JSON.stringify({ os: "linux", rootfs: { type: "layers", diff_ids: [layer.digest] } });
  const manifest = JSON.stringify([{ Config: "c.json", RepoTags: null, Layers: ["l.tar"] }]);
  const tar = tarOf([
    { name: "c.json", bytes: Buffer.from(config) },
    { name: "l.tar", bytes: layer.bytes },
    { name: "manifest.json", bytes: Buffer.from(manifest) },
  ]);
  const address = { client, repository: "web/one", reference: "chosen" };
  await web.pushArchive(web.blobFile(new Blob([new Uint8Array(tar)])), address);
  const { manifest: pushed } = await web.inspectImage(address);
  const [descriptor] = pushed.layers;
  const bytes = gunzipSync(await collected(client.getBlob("web/one", descriptor!.digest)));
  expect(String(bytes)).toBe("a layer of a page's");
});
