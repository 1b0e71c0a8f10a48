import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { testImage, testIndex } from "@stowage/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Installation, type Outcome } from "./testing/installation.ts";

let place: Installation;
const image = testImage({ layers: ["one", "two"] });
const other = testImage({ layers: ["three"] });
const signature = testImage({
  config: "{}",
  layers: ["signature"],
  extra: {
    artifactType: "application/vnd.example.signature",
    subject: { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length },
  },
});

beforeAll(async () => {
  place = await Installation.open();
  for (const repositoryName of ["team/app", "team/job"]) await place.ecr.createRepository({ repositoryName });
  await place.push("team/app", image, { tag: "1.0" });
  await place.push("team/app", other, { tag: "latest" });
  await place.push("team/app", signature);
});
afterAll(() => place[Symbol.asyncDispose]());

const stowage = (...line: string[]): Promise<Outcome> => place.stowage(line);
const json = async <T>(...line: string[]): Promise<T> =>
  JSON.parse((await place.stowage([...line, "--output", "json"])).out) as T;

describe("stowage repositories", () => {
  it("list as a table, as ECR's objects, as lines, and no further than --limit", async () => {
    expect((await stowage("repositories", "list")).out).toMatch(
      /^NAME +URI +TAGS +SCAN ON PUSH +ENCRYPTION +CREATED\nteam\/app +localhost:[0-9]+\/team\/app +MUTABLE +false +AES256 +\S/,
    );
    const { repositories } = await place.ecr.describeRepositories();
    expect(await json("repositories", "list")).toEqual(JSON.parse(JSON.stringify(repositories)));
    const lines = (await stowage("repositories", "list", "--output", "text", "--limit", "1")).out;
    expect(lines).toMatch(/^team\/app\t.*\n$/);
  });

  it("are created with all that ECR takes, shown, changed and deleted", async () => {
    const made = await stowage(
      ..."repositories create new/one --mutability IMMUTABLE_WITH_EXCLUSION --exclude dev-* --exclude latest".split(
        " ",
      ),
      ..."--scan-on-push --tag owner=me --tag expr=a=b".split(" "),
    );
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(/Tag exclusions +dev-\*, latest\n/);
    const tags = [
      { Key: "expr", Value: "a=b" },
      { Key: "owner", Value: "me" },
    ];
    const sorted = async (...line: string[]): Promise<unknown> =>
      (await json<{ Key: string }[]>(...line)).toSorted((a, b) => (a.Key < b.Key ? -1 : 1));
    expect(await sorted("repositories", "tags", "new/one")).toEqual(tags);
    expect(await sorted("repositories", "tag", "new/one", "x=")).toEqual([...tags, { Key: "x", Value: "" }]);
    expect(await sorted("repositories", "untag", "new/one", "x", "owner")).toEqual(tags.slice(0, 1));
    expect(await json("repositories", "set-mutability", "new/one", "MUTABLE")).toMatchObject({
      imageTagMutability: "MUTABLE",
    });
    expect(await json("repositories", "set-scan-on-push", "new/one", "off")).toMatchObject({
      imageScanningConfiguration: { scanOnPush: false },
    });
    expect(await json("repositories", "show", "new/one")).toMatchObject({ imageTagMutability: "MUTABLE" });
    expect(await stowage("repositories", "delete", "new/one")).toEqual({ code: 0, out: "Deleted new/one\n", err: "" });
  });

  it("that hold images are deleted only by force, and the refusal says so", async () => {
    expect(await stowage("repositories", "delete", "team/app")).toEqual({
      code: 1,
      out: "",
      err:
        "stowage: The repository with name 'team/app' in registry with id '000000000000' cannot be deleted because it " +
        "still contains images\n  Add --force to delete its images with it.\n",
    });
    await place.ecr.createRepository({ repositoryName: "gone" });
    await place.push("gone", other, { tag: "x" });
    expect((await stowage("repositories", "delete", "gone", "--force")).code).toBe(0);
  });

  it("that were deleted before one that is not there are told all the same", async () => {
    await place.ecr.createRepository({ repositoryName: "brief" });
    const line = ["repositories", "delete", "brief", "never", "--output", "json"];
    const { code, out } = await stowage(...line);
    expect([code, JSON.parse(out)]).toEqual([3, [expect.objectContaining({ repositoryName: "brief" })]]);
    await place.push("team/job", other, { tag: "brief" });
    const images = await stowage("images", "delete", "team/job:brief", "never:x", "--output", "ndjson");
    expect([images.code, JSON.parse(images.out)]).toEqual([3, expect.objectContaining({ imageTag: "brief" })]);
    expect(await stowage(...line)).toMatchObject({ code: 3, out: "" });
  });

  it("whose names were mistyped are guessed, with ECR's own words before", async () => {
    const { code, err } = await stowage("repositories", "show", "team/ap");
    expect(code).toBe(3);
    expect(err).toBe(
      "stowage: The repository with name 'team/ap' does not exist in the registry with id '000000000000'\n" +
        "  Did you mean team/app?\n  See what there is with: stowage repositories list\n",
    );
  });
});

describe("stowage images", () => {
  it("list, filtered by tag, with the rest of the pages", async () => {
    const { out } = await stowage("images", "list", "team/app");
    expect(out).toMatch(/^TAGS +DIGEST +SIZE +PUSHED +PULLED +TYPE\n1\.0 +sha256:[0-9a-f]{12} +4\d B /);
    expect(await json<unknown[]>("images", "list", "team/app", "--untagged")).toMatchObject([
      { imageDigest: signature.digest },
    ]);
    expect(await json<unknown[]>("images", "list", "team/app", "--tagged")).toHaveLength(2);
    expect((await stowage("images", "list", "team/app", "--tagged", "--untagged")).code).toBe(2);
  });

  it("are shown by tag, digest or the address that docker takes", async () => {
    const { host } = new URL(place.endpoint);
    for (const name of ["team/app:1.0", `team/app@${image.digest}`, `${host}/team/app:1.0`]) {
      expect(await json("images", "show", name)).toMatchObject({ imageDigest: image.digest, imageTags: ["1.0"] });
    }
    const { code, err } = await stowage("images", "show", "team/app:latets");
    expect(code).toBe(3);
    expect(err).toContain("\n  Did you mean team/app:latest?\n");
    expect(await stowage("images", "show", "team/app")).toMatchObject({ code: 2 });
  });

  it("get further tags without a byte changed, and a tag that stands stays", async () => {
    const table = await stowage("images", "tag", "team/app:1.0", "stable", "1.0");
    expect(table.out).toMatch(/team\/app:stable +sha256:\w+ +tagged\nteam\/app:1\.0 +sha256:\w+ +unchanged\n$/);
    expect((await place.oci.headManifest("team/app", "stable"))?.digest).toBe(image.digest);
    await stowage("images", "tag", `team/app@${other.digest}`, "stable");
    expect((await place.oci.headManifest("team/app", "stable"))?.digest).toBe(other.digest);
    expect(await stowage("images", "tag", "team/app:none", "x")).toMatchObject({
      code: 3,
      err: expect.stringContaining("team/app:none: Requested image not found") as string,
    });
    await stowage("images", "delete", "team/app:stable");
  });

  it("have their manifests printed byte for byte", async () => {
    const { out } = await stowage("images", "pull-manifest", "team/app:1.0");
    expect(Buffer.from(out)).toEqual(Buffer.from(image.bytes));
    expect(await json("images", "pull-manifest", "team/app:1.0")).toMatchObject({
      imageManifestMediaType: image.mediaType,
    });
  });

  it("list what refers to them", async () => {
    expect(await json("images", "referrers", "team/app:1.0")).toMatchObject([{ digest: signature.digest }]);
    const none = ["--artifact-type", "application/other"];
    expect(await json("images", "referrers", `team/app@${image.digest}`, ...none)).toEqual([]);
  });

  it("are deleted, and those that stayed are told with why", async () => {
    await place.ecr.createRepository({ repositoryName: "scratch" });
    const child = testImage({ layers: ["child"] });
    await place.push("scratch", child);
    await place.push("scratch", testIndex([child]), { tag: "index" });
    await place.push("scratch", testImage({ layers: ["loose"] }));
    await place.push("scratch", other, { tag: "a" });
    const untagged = await stowage("images", "delete", "scratch", "--untagged");
    expect(untagged).toMatchObject({ code: 0, err: "1 untagged image stays: an index holds it.\n" });
    expect((await stowage("images", "delete", "team/job", "--untagged", "--output", "json")).out).toBe("[]\n");
    const mixed = await stowage("images", "delete", "scratch:a", "scratch:b", `scratch@${child.digest}`);
    expect(mixed.code).toBe(1);
    expect(mixed.out).toMatch(/scratch +a +sha256/);
    expect(mixed.err).toContain("stowage: scratch:b: Requested image not found\n");
    expect(mixed.err).toContain(`stowage: scratch@${child.digest}: Requested image referenced by manifest list`);
    expect((await stowage("images", "delete", "scratch:b")).code).toBe(3);
    expect(await json<unknown[]>("images", "list", "scratch")).toHaveLength(2);
  });

  it("that were never scanned say how to have it done", async () => {
    const { code, err } = await stowage("images", "findings", "team/app:1.0");
    expect(code).toBe(3);
    expect(err).toContain("stowage images scan");
  });
});

describe("documents", () => {
  const policy = '{"Version":"2012-10-17","Statement":[]}';

  it("come from files and standard input, and what the registry refuses is passed on", async () => {
    const file = join(place.folder, "policy.json");
    await writeFile(file, policy);
    const fromFile = await stowage("registry", "policy", "set", file);
    const fromInput = await place.stowage(["registry", "policy", "set", "-"], {
      readInput: () => Promise.resolve(policy),
    });
    expect(fromInput).toEqual(fromFile);
    expect(await stowage("policies", "set", "team/app", join(place.folder, "none.json"))).toMatchObject({
      code: 3,
      err: expect.stringContaining("Give - to read standard input.") as string,
    });
  });

  it.each([
    [["policies", "get", "team/job"], "stowage policies set team/job FILE"],
    [["policies", "delete", "team/job"], "stowage policies set team/job FILE"],
    [["lifecycle", "get", "team/job"], "stowage lifecycle put team/job FILE"],
    [["lifecycle", "preview", "team/job"], "stowage lifecycle put team/job FILE"],
    [["lifecycle", "delete", "team/job"], "stowage lifecycle put team/job FILE"],
    [["lifecycle", "get", "team/jobs"], "Did you mean team/job?"],
  ])("that are not there: %j advises %j", async (line, advice) => {
    const { code, out, err } = await stowage(...line);
    expect([code, out]).toEqual([3, ""]);
    expect(err).toContain(advice);
  });
});

describe("stowage settings and registry", () => {
  it("are read and changed", async () => {
    expect((await json<unknown[]>("settings", "get")).length).toBe(3);
    expect(await json("settings", "put", "BLOB_MOUNTING", "ENABLED")).toEqual({
      name: "BLOB_MOUNTING",
      value: "ENABLED",
    });
    expect((await stowage("settings", "get", "BLOB_MOUNTING", "--output", "text")).out).toBe(
      "BLOB_MOUNTING\tENABLED\n",
    );
    expect(await json("registry", "show")).toMatchObject({ registryId: "000000000000" });
    expect((await stowage("settings", "put", "NO_SUCH", "x")).code).toBe(2);
  });
});

describe("stowage copy", () => {
  it("copies between repositories with what refers to the image, and tells each blob", async () => {
    const missing = await stowage("copy", "team/app:1.0", "copied/app");
    expect(missing.code).toBe(3);
    expect(missing.err).toContain("--create");
    const first = await stowage("copy", "team/app:1.0", "copied/app", "--create", "--referrers", "--tag", "again");
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^Image +copied\/app:1\.0\nDigest +sha256:/);
    expect(first.err).toMatch(/^(sha256:[0-9a-f]{12}: (copied|taken over inside the registry), \d+ B\n){5}$/);
    expect((await place.oci.headManifest("copied/app", "again"))?.digest).toBe(image.digest);
    expect(await json("images", "referrers", "copied/app:1.0")).toMatchObject([{ digest: signature.digest }]);
    const events = (await stowage("copy", "team/app:1.0", "copied/app:2", "--create", "--output", "ndjson")).out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(events.at(-1)).toMatchObject({ image: "copied/app:2", digest: image.digest, blobs: 0 });
    expect(events[0]).toMatchObject({ kind: "manifest", state: "present" });
  });

  it("takes one platform of an index when asked", async () => {
    const amd = { ...testImage({ layers: ["amd"] }) };
    const arm = testImage({ layers: ["arm"] });
    await place.push("team/job", amd);
    await place.push("team/job", arm);
    const entry = (child: typeof amd, architecture: string): object => ({
      mediaType: child.mediaType,
      digest: child.digest,
      size: child.bytes.length,
      platform: { os: "linux", architecture },
    });
    const index = testIndex([], { manifests: [entry(amd, "amd64"), entry(arm, "arm64")] });
    await place.push("team/job", index, { tag: "multi" });
    const all = await json<{ digest: string }>("copy", "team/job:multi", "copied/all", "--create");
    expect(all.digest).toBe(index.digest);
    const one = await json<{ digest: string }>(
      ..."copy team/job:multi copied/one --create --platform linux/arm64".split(" "),
    );
    expect(one.digest).toBe(arm.digest);
    expect(await stowage(..."copy team/job:multi copied/one --platform linux/s390x".split(" "))).toMatchObject({
      code: 1,
    });
  });

  it("refuses what it cannot mean", async () => {
    expect(await stowage("copy", "team/app", "x/y")).toMatchObject({ code: 2 });
    expect(await stowage("copy", "team/app:1", `x/y@${image.digest}`)).toMatchObject({ code: 2 });
    expect(await stowage("copy", "team/app:none", "copied/app")).toMatchObject({ code: 3 });
  });
});

describe("stowage pull and push", () => {
  it("bring an image to a folder with what refers to it, and back, byte for byte", async () => {
    const layout = join(place.folder, "layout");
    const pulled = await stowage("pull", "team/app:1.0", "--to", layout, "--referrers");
    expect([pulled.code, pulled.out]).toEqual([0, expect.stringContaining(image.digest)]);
    expect(pulled.err).toMatch(/^(sha256:[0-9a-f]{12}: copied, \d+ B\n){5}$/);
    expect((await stowage("push", layout, "pushed/app:1.0")).err).toContain("is created with --create");
    const pushed = await json<{ digest: string }>("push", layout, "pushed/app:1.0", "--create", "--tag", "more");
    expect(pushed.digest).toBe(image.digest);
    expect((await place.oci.headManifest("pushed/app", "more"))?.digest).toBe(image.digest);
    await stowage("pull", "team/app:latest", "--to", layout);
    expect((await stowage("push", layout, "pushed/app:2")).code).not.toBe(0);
    expect((await json<{ digest: string }>("push", layout, "pushed/app:2", "--image", "latest")).digest).toBe(
      other.digest,
    );
  });

  it("do the same by an archive, whose blobs keep their digests", async () => {
    const archive = join(place.folder, "app.tar");
    expect(await stowage("pull", "team/app:1.0", "--to", archive, "--quiet")).toMatchObject({ code: 0, err: "" });
    expect((await json<{ digest: string }>("push", archive, "archived/app:1.0", "--create")).digest).toBe(image.digest);
  });

  it("refuse what they cannot do", async () => {
    expect(await stowage("push", join(place.folder, "none"), "x/y:1")).toMatchObject({ code: 3 });
    expect(await stowage("push", place.folder, "x/y")).toMatchObject({ code: 2 });
    expect(await stowage("push", place.folder, "team/app:x")).toMatchObject({ code: 1 });
    expect(await stowage("pull", "team/app:1.0")).toMatchObject({ code: 2 });
    expect(await stowage(..."pull team/app:1.0 --to x.tar --referrers".split(" "))).toMatchObject({ code: 2 });
    const gone = await stowage("pull", "team/app:none", "--to", join(place.folder, "none.tar"));
    expect(gone).toMatchObject({ code: 3, err: expect.stringContaining("stowage images list team/app") as string });
  });
});
