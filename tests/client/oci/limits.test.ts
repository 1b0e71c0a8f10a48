import { copyImage } from "@stowage/client";
import { testBlob, testImage, testIndex } from "@stowage/testkit";
import type { TestManifest } from "@stowage/testkit";
import { expect, it } from "vitest";
import { answer, bodyOf, FakeRegistry } from "./fake-registry.ts";

const MIB = 1024 * 1024;

function padded(name: string, sizeBytes: number): TestManifest {
  const bare = testImage({ layers: [], extra: { annotations: { name, pad: "" } } });
  const pad = "x".repeat(sizeBytes - bare.bytes.length);
  return testImage({ layers: [], extra: { annotations: { name, pad } } });
}

/** Serves manifests by digest and takes whatever is pushed. */
async function registryOf(root: TestManifest, children: readonly TestManifest[]): Promise<FakeRegistry> {
  const known = new Map<string, { readonly bytes: Uint8Array; readonly mediaType?: string }>([["root", root]]);
  for (const item of [...children, ...children.flatMap(({ blobs }) => blobs)]) known.set(item.digest, item);
  return FakeRegistry.open(async (request, response) => {
    const { method = "", url = "" } = request;
    const found = url.startsWith("/v2/from/") ? known.get(url.split("/").at(-1) ?? "") : undefined;
    if (method === "POST") return answer(response, 202, { headers: { location: "/v2/to/app/blobs/uploads/one" } });
    if (method === "PUT") {
      await bodyOf(request);
      return answer(response, 201);
    }
    if (found === undefined) return answer(response, 404);
    const headers = { "content-type": found.mediaType ?? "application/octet-stream" };
    return answer(response, 200, { headers, body: method === "HEAD" ? "" : found.bytes });
  });
}

it.each([
  [0, "17 manifests"],
  [1, "bytes of manifests is not taken"],
])("an image with 64 MiB and %i bytes of manifests: %s", async (more, outcome) => {
  const full = Array.from({ length: 15 }, (_, at) => padded(`child ${at}`, 4 * MIB));
  const size = (last: TestManifest): number => testIndex([...full, last]).bytes.length;
  const rest = 4 * MIB - size(padded("last", 3 * MIB)) + more;
  const last = padded("last", rest);
  const root = testIndex([...full, last]);
  expect(root.bytes.length + last.bytes.length).toBe(4 * MIB + more);
  await using registry = await registryOf(root, [...full, last]);
  const client = registry.client();
  const copy = copyImage(
    { client, repository: "from/app", reference: "root" },
    { client, repository: "to/app", reference: "x" },
  );
  expect(await copy.then(({ manifests }) => `${manifests} manifests`, String)).toContain(outcome);
});

it.each([
  [10_000, "10000"],
  [10_001, "more than 10000 referrers"],
])("%i referrers: %s", async (count, outcome) => {
  const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", size: 2 };
  const entries = Array.from({ length: 5001 }, (_, at) => ({ ...entry, digest: testBlob(String(at)).digest }));
  const pages = [entries.slice(0, 5000), entries.slice(0, count - 5000)];
  await using registry = await FakeRegistry.open(({ url = "" }, response) => {
    const isFirst = !url.includes("page=2");
    const headers = isFirst ? { link: `<${url}?page=2>; rel="next"` } : {};
    const manifests = pages[isFirst ? 0 : 1];
    const mediaType = "application/vnd.oci.image.index.v1+json";
    answer(response, 200, { headers, body: JSON.stringify({ schemaVersion: 2, mediaType, manifests }) });
  });
  const listing = (async () => {
    let listed = 0;
    for await (const _ of registry.client().referrers("a/b", testBlob("subject").digest)) listed += 1;
    return listed;
  })();
  expect(await listing.then(String, String)).toContain(outcome);
});

it("a list or token over 8 MiB is refused", async () => {
  const sizes = [8 * MIB, 8 * MIB + 1];
  await using registry = await FakeRegistry.open((_, response) => {
    const size = sizes.shift() ?? 0;
    answer(response, 200, { body: `{"tags":["${"x".repeat(size - '{"tags":[""]}'.length)}"]}` });
  });
  const first = async (): Promise<number> => {
    let length = 0;
    for await (const tag of registry.client().tags("a/b")) length += tag.length;
    return length;
  };
  expect(await first()).toBeGreaterThan(8 * MIB - 100);
  await expect(first()).rejects.toThrow(`over ${8 * MIB} bytes`);
});
