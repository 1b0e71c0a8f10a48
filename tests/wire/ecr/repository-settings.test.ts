import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refused } from "./raw.ts";
import { clientOf, invalid, isLocal, noRepository, openService, refusal, type Service } from "./service.ts";

let service: Service;
beforeAll(async () => void (service = await openService()));
afterAll(() => service.close());

const arnOf = (name: string): string =>
  `arn:aws:ecr:${service.caller.region}:${service.caller.accountId}:repository/${name}`;
const described = async (name: string) =>
  (await service.ecr.describeRepositories({ repositoryNames: [name] })).repositories?.[0];
const filters = (...values: string[]) => values.map((filter) => ({ filterType: "WILDCARD" as const, filter }));

describe("PutImageTagMutability", () => {
  describe("serialization", () => {
    it("a list as mode is refused (C1)", async () => {
      const input = { repositoryName: "app", imageTagMutability: ["MUTABLE"] };
      expect(await refused(call(service, "PutImageTagMutability", input))).toMatchObject({
        name: "SerializationException",
      });
    });
  });

  describe("validation", () => {
    it.each([
      ["no mode (A3)", { repositoryName: "app" }, invalid("imageTagMutability", "Member must not be null")],
      [
        "a mode that is none (C2)",
        { repositoryName: "app", imageTagMutability: "mutable" },
        invalid(
          "imageTagMutability",
          "Member must satisfy enum value set: [IMMUTABLE, MUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION]",
        ),
      ],
    ])("%s", async (_, input, expected) => {
      expect(await refused(call(service, "PutImageTagMutability", input))).toMatchObject(expected);
    });

    it.each([
      ["filters are missing in an exclusion mode (C2)", "MUTABLE_WITH_EXCLUSION", undefined],
      ["filters stand beside a mode without exclusions (C8)", "IMMUTABLE", filters("a*")],
    ] as const)("%s", async (_, imageTagMutability, imageTagMutabilityExclusionFilters) => {
      const input = {
        repositoryName: await service.repository(),
        imageTagMutability,
        imageTagMutabilityExclusionFilters,
      };
      const refusedFor = await refusal(
        service.ecr.putImageTagMutability({
          ...input,
          imageTagMutabilityExclusionFilters: imageTagMutabilityExclusionFilters?.slice(),
        }),
      );
      expect(refusedFor.name).toBe("InvalidParameterException");
      expect(refusedFor.message).toContain("imageTagMutabilityExclusionFilters");
    });
  });

  describe("behaviour", () => {
    it("answers and keeps mode and filters, and drops them with the mode (C4, C8)", async () => {
      const repositoryName = await service.repository();
      const excluding = {
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" as const,
        imageTagMutabilityExclusionFilters: filters("dev-*", "latest"),
      };
      const { $metadata: _, ...answer } = await service.ecr.putImageTagMutability({ repositoryName, ...excluding });
      expect(answer).toEqual({ registryId: service.caller.accountId, repositoryName, ...excluding });
      expect(await described(repositoryName)).toMatchObject(excluding);
      const plain = await service.ecr.putImageTagMutability({ repositoryName, imageTagMutability: "MUTABLE" });
      expect(plain.imageTagMutabilityExclusionFilters).toBeUndefined();
      expect((await described(repositoryName))?.imageTagMutabilityExclusionFilters).toBeUndefined();
    });

    it("refuses a repository that is not there (C3)", async () => {
      const repositoryName = service.freshName();
      expect(
        await refusal(service.ecr.putImageTagMutability({ repositoryName, imageTagMutability: "MUTABLE" })),
      ).toEqual(noRepository(service, repositoryName));
    });
  });
});

describe("PutImageScanningConfiguration", () => {
  it.each([
    [
      "a text as configuration",
      { repositoryName: "app", imageScanningConfiguration: "on" },
      { name: "SerializationException" },
    ],
    [
      "no configuration (A3)",
      { repositoryName: "app" },
      invalid("imageScanningConfiguration", "Member must not be null"),
    ],
  ])("%s", async (_, input, expected) => {
    expect(await refused(call(service, "PutImageScanningConfiguration", input))).toMatchObject(expected);
  });

  it("answers and keeps the flag; an absent one is false (C4)", async () => {
    const repositoryName = await service.repository();
    const on = await service.ecr.putImageScanningConfiguration({
      repositoryName,
      imageScanningConfiguration: { scanOnPush: true },
    });
    expect(on).toMatchObject({
      registryId: service.caller.accountId,
      repositoryName,
      imageScanningConfiguration: { scanOnPush: true },
    });
    expect((await described(repositoryName))?.imageScanningConfiguration).toEqual({ scanOnPush: true });
    const off = await service.ecr.putImageScanningConfiguration({ repositoryName, imageScanningConfiguration: {} });
    expect(off.imageScanningConfiguration).toEqual({ scanOnPush: false });
  });

  it("refuses a repository that is not there (C3)", async () => {
    const repositoryName = service.freshName();
    expect(
      await refusal(service.ecr.putImageScanningConfiguration({ repositoryName, imageScanningConfiguration: {} })),
    ).toEqual(noRepository(service, repositoryName));
  });
});

describe("TagResource, UntagResource, ListTagsForResource", () => {
  describe("serialization", () => {
    it.each([
      ["TagResource", { resourceArn: "a", tags: "b" }],
      ["TagResource", { resourceArn: "a", tags: [["k", "v"]] }],
      ["UntagResource", { resourceArn: "a", tagKeys: "k" }],
      ["ListTagsForResource", { resourceArn: 1 }],
    ])("%s %j is refused (C1)", async (operation, input) => {
      expect(await refused(call(service, operation, input))).toMatchObject({ name: "SerializationException" });
    });
  });

  describe("validation", () => {
    it.each([
      ["TagResource", {}, invalid("resourceArn", "Member must not be null")],
      ["UntagResource", { resourceArn: "x" }, invalid("tagKeys", "Member must not be null")],
      ["ListTagsForResource", {}, invalid("resourceArn", "Member must not be null")],
      [
        "TagResource",
        { resourceArn: "x", tags: [{ Value: "v" }] },
        invalid("tags.1.member.key", "Member must not be null"),
      ],
    ])("%s %j (C2)", async (operation, input, expected) => {
      expect(await refused(call(service, operation, input))).toMatchObject(expected);
    });

    it.each(["TagResource", "UntagResource", "ListTagsForResource"])(
      "%s: what is no ARN of a repository is refused (C2, moto)",
      async (operation) => {
        const { accountId, region } = service.caller;
        for (const resourceArn of [
          "app",
          "arn:aws:s3:::app",
          `arn:aws:ecr:${region}:${accountId}:registry/app`,
          `arn:aws:ecr:xx-west-9:${accountId}:repository/app`,
        ]) {
          const answer = refused(call(service, operation, { resourceArn, tags: [], tagKeys: [] }));
          expect(await answer).toMatchObject(invalid("resourceArn", "Invalid ARN"));
        }
      },
    );

    it.each([
      [{ Key: "", Value: "v" }],
      [{ Key: "aws:k", Value: "v" }],
      [{ Key: "k".repeat(129), Value: "v" }],
      [{ Key: "k", Value: "v".repeat(257) }],
    ])("the tag %j is invalid (C2, C19)", async (tag) => {
      const resourceArn = arnOf(await service.repository());
      expect(await refusal(service.ecr.tagResource({ resourceArn, tags: [tag] }))).toEqual({
        name: "InvalidTagParameterException",
        message: "Tag parameters are invalid",
      });
    });
  });

  it.each(["", "aws:k", "k".repeat(129)])("validation: the key %j cannot be untagged (A3)", async (key) => {
    const resourceArn = arnOf(await service.repository());
    expect((await refusal(service.ecr.untagResource({ resourceArn, tagKeys: [key] }))).name).toBe(
      "InvalidTagParameterException",
    );
  });

  describe("behaviour", () => {
    it("sets, overwrites, lists and removes; both changes answer {} (A2, C19)", async () => {
      const resourceArn = arnOf(await service.repository({ tags: [{ Key: "team", Value: "a" }] }));
      expect(
        (
          await call(service, "TagResource", {
            resourceArn,
            tags: [
              { Key: "team", Value: "b" },
              { Key: "env", Value: "" },
            ],
          })
        ).text,
      ).toBe("{}");
      expect((await service.ecr.listTagsForResource({ resourceArn })).tags).toEqual(
        expect.arrayContaining([
          { Key: "team", Value: "b" },
          { Key: "env", Value: "" },
        ]),
      );
      expect((await call(service, "UntagResource", { resourceArn, tagKeys: ["team", "unknown"] })).text).toBe("{}");
      expect((await service.ecr.listTagsForResource({ resourceArn })).tags).toEqual([{ Key: "env", Value: "" }]);
    });

    it("answers an empty list for a repository without tags", async () => {
      expect((await service.ecr.listTagsForResource({ resourceArn: arnOf(await service.repository()) })).tags).toEqual(
        [],
      );
    });

    it("holds 50 tags, not 51, and then changes nothing (C19)", async () => {
      const resourceArn = arnOf(await service.repository());
      const tags = Array.from({ length: 50 }, (_, index) => ({ Key: `key${index}`, Value: "v" }));
      await service.ecr.tagResource({ resourceArn, tags });
      const oneMore = service.ecr.tagResource({ resourceArn, tags: [{ Key: "one-more", Value: "v" }] });
      expect((await refusal(oneMore)).name).toBe("TooManyTagsException");
      expect((await service.ecr.listTagsForResource({ resourceArn })).tags).toHaveLength(50);
      await service.ecr.tagResource({ resourceArn, tags: [{ Key: "key7", Value: "new" }] });
    });

    it("refuses a repository that is not there (C3)", async () => {
      const name = service.freshName();
      const resourceArn = arnOf(name);
      expect(await refusal(service.ecr.tagResource({ resourceArn, tags: [] }))).toEqual(noRepository(service, name));
      expect(await refusal(service.ecr.untagResource({ resourceArn, tagKeys: [] }))).toEqual(
        noRepository(service, name),
      );
      expect(await refusal(service.ecr.listTagsForResource({ resourceArn }))).toEqual(noRepository(service, name));
    });

    it.runIf(isLocal)("is not for another account to do (C1)", async () => {
      const resourceArn = arnOf(await service.repository());
      const stranger = clientOf(service.endpoint, service.stranger!);
      const refusedFor = await refusal(stranger.tagResource({ resourceArn, tags: [] }));
      expect(refusedFor.name).toBe("AccessDeniedException");
      expect(refusedFor.message).toContain(`ecr:TagResource on resource: ${resourceArn}`);
    });
  });
});
