import { paginateDescribeImages, paginateDescribeRepositories, paginateListImages } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MIB, imageOf, pushImage, putManifest, randomBlob, uploadLayer } from "./fixtures.ts";
import { call, refused } from "./raw.ts";
import { clientOf, isLocal, openService, refusal, type Service } from "./service.ts";

const IMAGES = 105;
const tags = Array.from({ length: IMAGES }, (_, number) => `t${String(number).padStart(3, "0")}`);

let service: Service;
/** Holds {@link IMAGES} images with a tag each, all of which refer to a subject besides them. */
let repositoryName: string;
let subject: string;

beforeAll(async () => {
  service = await openService();
  repositoryName = await service.repository();
  const { mediaType, digest, sizeBytes } = await pushImage(service, repositoryName);
  subject = digest;
  const config = await uploadLayer(service, repositoryName, randomBlob());
  for (const tag of tags) {
    const extra = { subject: { mediaType, digest, size: sizeBytes }, annotations: { tag } };
    await putManifest(service, repositoryName, imageOf(config, [], { extra }), [tag]);
  }
}, 60_000);
afterAll(() => service.close());

async function gather<P, T>(pages: AsyncIterable<P>, items: (page: P) => readonly T[] | undefined) {
  const gathered: { sizes: number[]; items: T[] } = { sizes: [], items: [] };
  for await (const page of pages) {
    const of = items(page) ?? [];
    gathered.sizes.push(of.length);
    gathered.items.push(...of);
  }
  return gathered;
}

describe("pages as the SDK reads them (A7)", () => {
  it("ListImages: 100 by default, nothing twice, nothing left out", async () => {
    const { sizes, items } = await gather(
      paginateListImages({ client: service.ecr }, { repositoryName }),
      (page) => page.imageIds,
    );
    expect(sizes).toEqual([100, 6]);
    expect(new Set(items.map(({ imageDigest }) => imageDigest)).size).toBe(IMAGES + 1);
  });

  it("DescribeImages: as many as asked", async () => {
    const pages = paginateDescribeImages({ client: service.ecr, pageSize: 53 }, { repositoryName });
    const { sizes, items } = await gather(pages, (page) => page.imageDetails);
    expect(sizes).toEqual([53, 53]);
    expect(items.map(({ imageTags }) => imageTags?.[0])).toEqual([undefined, ...tags]);
  });

  it("DescribeImages: a filter holds over all pages", async () => {
    const input = { repositoryName, filter: { tagStatus: "TAGGED" as const } };
    const { sizes } = await gather(
      paginateDescribeImages({ client: service.ecr, pageSize: 50 }, input),
      (page) => page.imageDetails,
    );
    expect(sizes).toEqual([50, 50, 5]);
  });

  it("the last page, full to the brim, has no token", async () => {
    const { nextToken, imageIds } = await service.ecr.listImages({ repositoryName, maxResults: IMAGES + 1 });
    expect(imageIds).toHaveLength(IMAGES + 1);
    expect(nextToken).toBeUndefined();
  });

  it.runIf(isLocal)("DescribeRepositories: by name, page by page, while others come", async () => {
    const many = await openService();
    const names = ["zz", "aa/b", "aa-b", "aa", "m0", "m1"];
    for (const name of names) await many.repository({ repositoryName: name });
    const first = await many.ecr.describeRepositories({ maxResults: 3 });
    await many.repository({ repositoryName: "a0" });
    const rest = await gather(
      paginateDescribeRepositories({ client: many.ecr, pageSize: 2, startingToken: first.nextToken }, {}),
      (page) => page.repositories,
    );
    const told = [...(first.repositories ?? []), ...rest.items].map((repository) => repository.repositoryName);
    expect(told).toEqual(names.toSorted());
    await many.close();
  });

  it("ListImageReferrers: 20 by default and 50 at most", async () => {
    const sizes: number[] = [];
    const digests = new Set<string | undefined>();
    let nextToken: string | undefined;
    do {
      const page = await service.ecr.listImageReferrers({
        repositoryName,
        subjectId: { imageDigest: subject },
        nextToken,
      });
      sizes.push(page.referrers?.length ?? 0);
      for (const { digest } of page.referrers ?? []) digests.add(digest);
      nextToken = page.nextToken;
    } while (nextToken !== undefined && sizes.length < 10);
    expect(sizes).toEqual([20, 20, 20, 20, 20, 5]);
    expect(digests.size).toBe(IMAGES);
    const largest = await service.ecr.listImageReferrers({
      repositoryName,
      subjectId: { imageDigest: subject },
      maxResults: 50,
    });
    expect(largest.referrers).toHaveLength(50);
  });
});

describe.runIf(isLocal)("referrers with megabytes of annotations", () => {
  it("come in pages that end early, and all of them come", async () => {
    const name = await service.repository();
    const image = await pushImage(service, name);
    const config = await uploadLayer(service, name, randomBlob());
    for (let number = 0; number < 12; number += 1) {
      const annotations = { filler: String.fromCharCode(97 + number).repeat(4 * MIB - 2000) };
      const of = { mediaType: image.mediaType, digest: image.digest, size: image.sizeBytes };
      await putManifest(service, name, imageOf(config, [], { extra: { subject: of, annotations } }));
    }
    const sizes: number[] = [];
    let nextToken: string | undefined;
    do {
      const subjectId = { imageDigest: image.digest };
      const page = await service.ecr.listImageReferrers({ repositoryName: name, subjectId, maxResults: 50, nextToken });
      sizes.push(page.referrers?.length ?? 0);
      nextToken = page.nextToken;
    } while (nextToken !== undefined && sizes.length < 10);
    expect(sizes).toEqual([5, 5, 2]);
  });
});

describe("tokens (A7, design 6)", () => {
  const token = async (): Promise<string> =>
    (await service.ecr.listImages({ repositoryName, maxResults: 1 })).nextToken ?? "";
  const refusedToken = { name: "InvalidParameterException" };

  it("may be used again, with another maxResults, and with the registry named", async () => {
    const nextToken = await token();
    const once = await service.ecr.listImages({ repositoryName, maxResults: 2, nextToken });
    const again = await service.ecr.listImages({
      repositoryName,
      maxResults: 2,
      nextToken,
      registryId: service.caller.accountId,
    });
    expect(again.imageIds).toEqual(once.imageIds);
    expect(once.imageIds).toHaveLength(2);
  });

  it("are refused when they were altered anywhere", async () => {
    const nextToken = await token();
    for (const at of [0, 1, 10, nextToken.length - 1]) {
      const altered = nextToken.slice(0, at) + (nextToken[at] === "0" ? "1" : "0") + nextToken.slice(at + 1);
      expect(await refusal(service.ecr.listImages({ repositoryName, nextToken: altered }))).toMatchObject(refusedToken);
    }
    expect(await refusal(service.ecr.listImages({ repositoryName, nextToken: nextToken.slice(0, -2) }))).toMatchObject(
      refusedToken,
    );
    expect(await refusal(service.ecr.listImages({ repositoryName, nextToken: `${nextToken}00` }))).toMatchObject(
      refusedToken,
    );
  });

  it("belong to one operation, one repository and one filter", async () => {
    const nextToken = await token();
    const other = await service.repository();
    expect(await refusal(service.ecr.describeImages({ repositoryName, nextToken }))).toMatchObject(refusedToken);
    expect(await refusal(service.ecr.listImages({ repositoryName: other, nextToken }))).toMatchObject(refusedToken);
    expect(
      await refusal(service.ecr.listImages({ repositoryName, nextToken, filter: { tagStatus: "TAGGED" } })),
    ).toMatchObject(refusedToken);
  });

  it.runIf(isLocal)("belong to one registry", async () => {
    await service.repository();
    const { nextToken } = await service.ecr.describeRepositories({ maxResults: 1 });
    expect(nextToken).toBeDefined();
    const stranger = clientOf(service.endpoint, service.stranger!);
    expect(await refusal(stranger.describeRepositories({ nextToken }))).toMatchObject(refusedToken);
    const elsewhere = clientOf(service.endpoint, { ...service.caller, region: "ap-south-1" });
    expect(await refusal(elsewhere.describeRepositories({ nextToken }))).toMatchObject(refusedToken);
  });

  it.each(["", "x", "null", "0", "../..", "é", "00".repeat(5000), "deadbeef".repeat(8), "'; DROP TABLE images; --"])(
    "%j is none",
    async (nextToken) => {
      expect(await refused(call(service, "ListImages", { repositoryName, nextToken }))).toMatchObject({
        status: 400,
        ...refusedToken,
      });
    },
  );

  it.each([
    ["DescribePullThroughCacheRules", {}],
    ["DescribeRepositoryCreationTemplates", {}],
    ["ListPullTimeUpdateExclusions", {}],
    ["ListReplicationBackfills", {}],
    ["DescribeRepositories", {}],
  ])("%s takes none that it did not give", async (operation, input) => {
    expect(await refused(call(service, operation, { ...input, nextToken: "00" }))).toMatchObject({
      status: 400,
      ...refusedToken,
    });
  });
});
