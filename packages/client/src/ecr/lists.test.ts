import { describe, expect, it } from "vitest";
import { refusal, stage } from "../testing/staged.ts";
import { RepeatedTokenError } from "./paginate.ts";
import { WaiterError } from "./wait.ts";

const inputs = (sent: readonly { readonly body: Uint8Array }[]): unknown[] =>
  sent.map(({ body }) => JSON.parse(new TextDecoder().decode(body)));

describe("a paginator", () => {
  const pages = [
    { body: { imageIds: [{ imageTag: "a" }], nextToken: "two" } },
    { body: { imageIds: [], nextToken: "three" } },
    { body: { imageIds: [{ imageTag: "b" }, { imageTag: "c" }] } },
  ];

  it("reads page after page with the same input", async () => {
    const { client, sent } = stage(pages);
    const read: number[] = [];
    for await (const page of client.paginate.listImages({ repositoryName: "app", maxResults: 2 })) {
      read.push(page.imageIds?.length ?? -1);
    }
    expect(read).toEqual([1, 0, 2]);
    expect(inputs(sent)).toEqual([
      { repositoryName: "app", maxResults: 2 },
      { repositoryName: "app", maxResults: 2, nextToken: "two" },
      { repositoryName: "app", maxResults: 2, nextToken: "three" },
    ]);
  });

  it("yields items over pages, empty ones among them", async () => {
    const { client } = stage(pages);
    const tags: unknown[] = [];
    for await (const image of client.paginate.listImages({ repositoryName: "app" }).items()) tags.push(image.imageTag);
    expect(tags).toEqual(["a", "b", "c"]);
  });

  it("fetches no page that nobody reads", async () => {
    const { client, sent } = stage(pages);
    for await (const _ of client.paginate.listImages({ repositoryName: "app" }).items()) break;
    expect(sent).toHaveLength(1);
  });

  it("begins where it is told to, and each time anew", async () => {
    const { client, sent } = stage([{ body: { repositories: [] } }]);
    const list = client.paginate.describeRepositories({ nextToken: "from-here" });
    for await (const _ of list);
    for await (const _ of list);
    expect(inputs(sent)).toEqual([{ nextToken: "from-here" }, { nextToken: "from-here" }]);
  });

  it("ends when the server repeats its token", async () => {
    const { client, sent } = stage([{ body: { nextToken: "again" } }]);
    const reading = async () => {
      for await (const _ of client.paginate.describeRepositories());
    };
    await expect(reading()).rejects.toThrow(RepeatedTokenError);
    expect(sent).toHaveLength(2);
  });

  it("joins both kinds of findings", async () => {
    const findings = { findings: [{ name: "CVE-1" }], enhancedFindings: [{ title: "CVE-2" }] };
    const { client } = stage([{ body: { imageScanFindings: findings } }, {}]);
    const read: unknown[] = [];
    const input = { repositoryName: "app", imageId: { imageTag: "a" } };
    for await (const finding of client.paginate.describeImageScanFindings(input).items()) read.push(finding);
    expect(read).toEqual([{ name: "CVE-1" }, { title: "CVE-2" }]);
  });

  it("exists for nine operations, named either way", () => {
    const { client } = stage([{}]);
    const names = Object.keys(client.paginate);
    expect(names).toHaveLength(9);
    for (const name of names) {
      expect(client.canPaginate(name)).toBe(true);
      expect(client.canPaginate(name.charAt(0).toUpperCase() + name.slice(1))).toBe(true);
    }
    for (const name of ["listImageReferrers", "PutImage", "", "constructor", "__proto__"]) {
      expect(client.canPaginate(name)).toBe(false);
    }
  });
});

describe("a waiter", () => {
  const scan = (status: string) => ({ body: { imageScanStatus: { status } } });
  const input = { repositoryName: "app", imageId: { imageTag: "a" } };

  it("asks every five seconds until the scan is complete", async () => {
    const { client, sent, slept } = stage([scan("PENDING"), scan("IN_PROGRESS"), scan("COMPLETE")]);
    expect(await client.waitUntil.imageScanComplete(input)).toEqual({ imageScanStatus: { status: "COMPLETE" } });
    expect(sent).toHaveLength(3);
    expect(slept).toEqual([5000, 5000]);
  });

  it("fails with the scan, and has its answer", async () => {
    const { client } = stage([scan("FAILED")]);
    const error = await client.waitUntil.imageScanComplete(input).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WaiterError);
    expect(error).toMatchObject({ reason: "failure", answer: { imageScanStatus: { status: "FAILED" } } });
  });

  it.each([
    ["imageScanComplete", 60],
    ["lifecyclePolicyPreviewComplete", 20],
  ] as const)("%s asks %i times and no more", async (name, times) => {
    const { client, sent, slept } = stage([{ body: { status: "IN_PROGRESS", imageScanStatus: { status: "ACTIVE" } } }]);
    const error = await client.waitUntil[name](input).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "WaiterError", reason: "too-many-polls" });
    expect(sent).toHaveLength(times);
    expect(slept).toEqual(Array.from({ length: times - 1 }, () => 5000));
  });

  it("ends with an error answer, as botocore's", async () => {
    const { client, sent } = stage([refusal("ScanNotFoundException")]);
    await expect(client.waitUntil.imageScanComplete(input)).rejects.toMatchObject({ name: "ScanNotFoundException" });
    expect(sent).toHaveLength(1);
  });

  it("takes another pace, and ends with a signal", async () => {
    const { client, slept } = stage([scan("PENDING")]);
    const options = { delaySeconds: 0.5, maxPolls: 3 };
    await expect(client.waitUntil.imageScanComplete(input, options)).rejects.toThrow("after 3 times");
    expect(slept).toEqual([500, 500]);
    const signal = AbortSignal.abort();
    await expect(client.waitUntil.imageScanComplete(input, { signal })).rejects.toThrow("abort");
  });
});
