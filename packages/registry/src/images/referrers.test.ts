import { mediaTypes } from "@stowage/model";
import { openTestRegistry, testBlob, testImage, testIndex, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fallbackTag, type ReferrersFilter } from "./referrers.ts";

let test: TestRegistry;
beforeEach(async () => {
  test = await openTestRegistry();
});
afterEach(() => test.close());

const subjectImage = testImage();
const subject = { mediaType: subjectImage.mediaType, digest: subjectImage.digest, size: subjectImage.bytes.length };
const about = (artifactType: string, note = "") =>
  testImage({ config: "{}", layers: [], extra: { artifactType, subject, annotations: { note } } });
const list = async (limit = 100, filter: ReferrersFilter = {}, after?: string) =>
  test.registry.images.referrers(test.key, test.name, subjectImage.digest, {
    page: { limit, ...(after !== undefined && { after }) },
    filter,
  });

it("lists what names the digest as its subject, in order of push, whether or not the subject is there", async () => {
  const [sbom, signature] = [about("application/sbom", "s"), about("application/signature")];
  await test.push(test.name, sbom);
  await test.push(test.name, signature);
  expect((await list()).items).toEqual([
    {
      digest: sbom.digest,
      mediaType: mediaTypes.ociImage,
      sizeBytes: sbom.bytes.length,
      artifactType: "application/sbom",
      annotations: { note: "s" },
      status: "ACTIVE",
    },
    expect.objectContaining({ digest: signature.digest }),
  ]);
});

it("falls back to the config's media type for an image, and to nothing for an index", async () => {
  await test.push(test.name, testImage({ config: "{}", layers: [], extra: { subject } }));
  await test.push(test.name, testIndex([], { subject }));
  const types = (await list()).items.map(({ artifactType }) => artifactType);
  expect(types).toEqual(["application/vnd.oci.image.config.v1+json", undefined]);
});

it("filters by several artifact types", async () => {
  for (const type of ["a/a", "b/b", "c/c"]) await test.push(test.name, about(type));
  const found = (await list(100, { artifactTypes: ["a/a", "c/c"] })).items.map(({ artifactType }) => artifactType);
  expect(found).toEqual(["a/a", "c/c"]);
});

it("pages without losing or repeating one", async () => {
  for (let n = 0; n < 5; n += 1) await test.push(test.name, about("a/a", String(n)));
  const notes: (string | undefined)[] = [];
  let after: string | undefined;
  do {
    const page = await list(2, {}, after);
    expect(page.items.length).toBeLessThanOrEqual(2);
    notes.push(...page.items.map(({ annotations }) => annotations?.["note"]));
    after = page.next;
  } while (after !== undefined);
  expect(notes).toEqual(["0", "1", "2", "3", "4"]);
});

it("folds in what a client listed under the fallback tag, each once", async () => {
  const old = testImage({ config: "{}", layers: ["old signature"] });
  const known = about("application/known");
  await test.push(test.name, old);
  await test.push(test.name, known);
  const kept = testIndex([old, known]);
  await test.push(test.name, kept, fallbackTag(subjectImage.digest));
  expect((await list()).items.map(({ digest }) => digest)).toEqual([known.digest, old.digest]);
});

it("pages through stated and folded-in referrers alike", async () => {
  const old = Array.from({ length: 5 }, (_, n) => testImage({ config: "{}", layers: [`old ${n}`] }));
  for (const image of old) await test.push(test.name, image);
  const stated = about("application/known");
  await test.push(test.name, stated);
  await test.push(test.name, testIndex(old), fallbackTag(subjectImage.digest));
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await list(2, {}, after);
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map(({ digest }) => digest));
    after = page.next;
  } while (after !== undefined);
  expect(seen).toEqual([stated.digest, ...old.map(({ digest }) => digest)]);
});

it("makes the fallback tag as clients do", () => {
  expect(fallbackTag(subjectImage.digest)).toBe(`sha256-${subjectImage.digest.slice(7)}`);
  expect(fallbackTag(testBlob("x", "sha512").digest)).toHaveLength("sha512-".length + 64);
});
