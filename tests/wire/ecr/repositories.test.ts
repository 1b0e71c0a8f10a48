import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refused } from "./raw.ts";
import { clientOf, invalid, isLocal, noRepository, openService, refusal, type Service } from "./service.ts";

let service: Service;
beforeAll(async () => void (service = await openService()));
afterAll(() => service.close());

const NAME = String.raw`must satisfy regular expression '[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*'`;
const MUTABILITY =
  "Member must satisfy enum value set: [IMMUTABLE, MUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION]";
const filters = (...values: string[]) => values.map((filter) => ({ filterType: "WILDCARD" as const, filter }));

describe("CreateRepository", () => {
  describe("serialization", () => {
    it.each([
      ["a number as name", { repositoryName: 12 }],
      ["a list as name", { repositoryName: ["app"] }],
      ["a text as scanning configuration", { repositoryName: "app", imageScanningConfiguration: "on" }],
      ["a text as scanOnPush", { repositoryName: "app", imageScanningConfiguration: { scanOnPush: "true" } }],
      ["an object as tags", { repositoryName: "app", tags: { Key: "a", Value: "b" } }],
    ])("%s is refused (C1)", async (_, input) => {
      expect(await refused(call(service, "CreateRepository", input))).toMatchObject({
        status: 400,
        name: "SerializationException",
      });
    });
  });

  describe("validation", () => {
    it.each([
      ["no name (C2)", {}, invalid("repositoryName", "must not be null")],
      [
        "a name of one character (C2)",
        { repositoryName: "a" },
        invalid("repositoryName", "must have length greater than or equal to 2"),
      ],
      [
        "a name over 256 (C2)",
        { repositoryName: "a".repeat(257) },
        invalid("repositoryName", "must have length less than or equal to 256"),
      ],
      ["a capital (C2, moto's capture)", { repositoryName: "App" }, invalid("repositoryName", NAME)],
      ["a final slash (A4)", { repositoryName: "app/" }, invalid("repositoryName", NAME)],
      ["two slashes (A4)", { repositoryName: "team//app" }, invalid("repositoryName", NAME)],
      ["dots that climb (A4)", { repositoryName: "../app" }, invalid("repositoryName", NAME)],
      [
        "a mode that is none (C2)",
        { repositoryName: "app", imageTagMutability: "SOMETIMES" },
        invalid("imageTagMutability", MUTABILITY),
      ],
      [
        "an exclusion mode without filters (C2)",
        { repositoryName: "app", imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" },
        invalid(
          "imageTagMutabilityExclusionFilters",
          "ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as IMMUTABLE_WITH_EXCLUSION",
        ),
      ],
      [
        "six filters (A4)",
        {
          repositoryName: "app",
          imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
          imageTagMutabilityExclusionFilters: filters("a", "b", "c", "d", "e", "f"),
        },
        invalid("imageTagMutabilityExclusionFilters", "Member must have length less than or equal to 5"),
      ],
      [
        "null among the tags (C2, moto)",
        { repositoryName: "app", tags: [{ Value: "b" }] },
        invalid("tags.1.member.key", "Member must not be null"),
      ],
      [
        "an account of eleven digits (A4)",
        { repositoryName: "app", registryId: "12345678901" },
        { name: "InvalidParameterException" },
      ],
    ])("%s", async (_, input, expected) => {
      const { json } = await call(service, "CreateRepository", input);
      expect({ name: json["__type"], message: json["message"] }).toMatchObject(expected);
    });

    it.each([
      ["an empty tag key (C2)", [{ Key: "", Value: "b" }]],
      ["a key over 128 (C19)", [{ Key: "k".repeat(129), Value: "b" }]],
      ["a value over 256 (C19)", [{ Key: "k", Value: "v".repeat(257) }]],
      ["a reserved key (C19)", [{ Key: "aws:x", Value: "b" }]],
    ])("%s is an invalid tag", async (_, tags) => {
      expect(await refusal(service.ecr.createRepository({ repositoryName: service.freshName(), tags }))).toEqual({
        name: "InvalidTagParameterException",
        message: "Tag parameters are invalid",
      });
    });

    it("51 tags are too many, 50 are not (C19)", async () => {
      const tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
      const refusedFor = await refusal(service.ecr.createRepository({ repositoryName: service.freshName(), tags }));
      expect(refusedFor.name).toBe("TooManyTagsException");
      await service.repository({ tags: tags.slice(1) });
    });

    it("three wildcards in a filter are too many, two are not (C8)", async () => {
      const mode = { imageTagMutability: "MUTABLE_WITH_EXCLUSION" as const };
      const refusedFor = await refusal(
        service.ecr.createRepository({
          repositoryName: service.freshName(),
          ...mode,
          imageTagMutabilityExclusionFilters: filters("*a*b*"),
        }),
      );
      expect(refusedFor.name).toBe("InvalidParameterException");
      await service.repository({ ...mode, imageTagMutabilityExclusionFilters: filters("a*b*") });
    });
  });

  describe("behaviour", () => {
    it("answers eight members with the defaults filled in (C4)", async () => {
      const repositoryName = service.freshName();
      const before = Date.now();
      const { repository } = await service.ecr.createRepository({ repositoryName });
      const { accountId, region } = service.caller;
      expect(repository).toEqual({
        repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/${repositoryName}`,
        registryId: accountId,
        repositoryName,
        repositoryUri: expect.stringMatching(new RegExp(`/${repositoryName}$`)),
        createdAt: expect.any(Date),
        imageTagMutability: "MUTABLE",
        imageScanningConfiguration: { scanOnPush: false },
        encryptionConfiguration: { encryptionType: "AES256" },
      });
      expect(Math.abs((repository?.createdAt?.getTime() ?? 0) - before)).toBeLessThan(60_000);
    });

    it.runIf(isLocal)("names the repository by the host that was asked (design 5)", async () => {
      const { repository } = await service.ecr.createRepository({ repositoryName: service.freshName() });
      expect(repository?.repositoryUri).toBe(
        `localhost:${new URL(service.endpoint).port}/${repository?.repositoryName}`,
      );
    });

    it("keeps filters in the given order (C4)", async () => {
      const imageTagMutabilityExclusionFilters = filters("z*", "a*");
      const { repository } = await service.ecr.createRepository({
        repositoryName: service.freshName(),
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters,
      });
      expect(repository).toMatchObject({
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters,
      });
    });

    it("takes an empty scanning configuration as false (C4)", async () => {
      const { repository } = await service.ecr.createRepository({
        repositoryName: service.freshName(),
        imageScanningConfiguration: {},
      });
      expect(repository?.imageScanningConfiguration).toEqual({ scanOnPush: false });
    });

    it("refuses a name that is taken (C3)", async () => {
      const repositoryName = await service.repository();
      expect(await refusal(service.ecr.createRepository({ repositoryName }))).toEqual({
        name: "RepositoryAlreadyExistsException",
        message: `The repository with name '${repositoryName}' already exists in the registry with id '${service.caller.accountId}'`,
      });
    });

    it.runIf(isLocal).each(["KMS", "KMS_DSSE"] as const)(
      "refuses encryption under %s and stores nothing (design 7)",
      async (encryptionType) => {
        const repositoryName = service.freshName();
        const answer = await call(service, "CreateRepository", {
          repositoryName,
          encryptionConfiguration: { encryptionType },
        });
        expect(answer.json).toMatchObject({ __type: "KmsException", kmsError: expect.any(String) });
        expect(await refusal(service.ecr.describeRepositories({ repositoryNames: [repositoryName] }))).toEqual(
          noRepository(service, repositoryName),
        );
      },
    );

    it.runIf(isLocal)("is not for another account to do (C1)", async () => {
      const repositoryName = service.freshName();
      const { accountId, region } = service.caller;
      const stranger = clientOf(service.endpoint, service.stranger!);
      const refusedFor = await refusal(stranger.createRepository({ repositoryName, registryId: accountId }));
      expect(refusedFor.name).toBe("AccessDeniedException");
      expect(refusedFor.message).toContain(
        `User: arn:aws:iam::${service.stranger!.accountId}:root is not authorized to perform: ecr:CreateRepository ` +
          `on resource: arn:aws:ecr:${region}:${accountId}:repository/${repositoryName}`,
      );
    });
  });
});

describe("CreateRepository at the registry's limit", () => {
  it.runIf(isLocal)("refuses one repository more than the quota (C20)", async () => {
    const small = await openService({ quotas: { maxRepositories: 2 } });
    await small.repository();
    await small.repository();
    expect((await refusal(small.repository())).name).toBe("LimitExceededException");
    await small.close();
  });
});

describe("DescribeRepositories", () => {
  describe("serialization", () => {
    it.each([
      ["a text as names", { repositoryNames: "app" }],
      ["a text as maxResults", { maxResults: "10" }],
      ["a fraction as maxResults", { maxResults: 1.5 }],
      ["a number as token", { nextToken: 1 }],
    ])("%s is refused (C1)", async (_, input) => {
      expect(await refused(call(service, "DescribeRepositories", input))).toMatchObject({
        name: "SerializationException",
      });
    });
  });

  describe("validation", () => {
    it.each([
      ["a bad name in the list (C2)", { repositoryNames: ["App"] }, invalid("repositoryName", NAME)],
      [
        "a name of one character (C2)",
        { repositoryNames: ["a"] },
        invalid("repositoryName", "must have length greater than or equal to 2"),
      ],
      [
        "no names in the list (C2)",
        { repositoryNames: [] },
        invalid("repositoryNames", "Member must have length greater than or equal to 1"),
      ],
      [
        "maxResults over 1000 (C2)",
        { maxResults: 1001 },
        invalid("maxResults", "Member must have value less than or equal to 1000"),
      ],
      [
        "maxResults of 0 (A4)",
        { maxResults: 0 },
        invalid("maxResults", "Member must have value greater than or equal to 1"),
      ],
    ])("%s", async (_, input, expected) => {
      const { json } = await call(service, "DescribeRepositories", input);
      expect({ name: json["__type"], message: json["message"] }).toEqual(expected);
    });

    it("101 names are too many (A4)", async () => {
      const repositoryNames = Array.from({ length: 101 }, (_, index) => `app${index}`);
      expect(await refusal(service.ecr.describeRepositories({ repositoryNames }))).toEqual(
        invalid("repositoryNames", "Member must have length less than or equal to 100"),
      );
    });

    it.each([{ maxResults: 10 }, { nextToken: "token" }])("%j may not stand beside names (A7)", async (paging) => {
      const repositoryNames = [await service.repository()];
      expect((await refusal(service.ecr.describeRepositories({ repositoryNames, ...paging }))).name).toBe(
        "InvalidParameterException",
      );
    });
  });

  describe("behaviour", () => {
    it("answers the same object as CreateRepository (C4)", async () => {
      const { repository } = await service.ecr.createRepository({ repositoryName: service.freshName() });
      const { repositories, nextToken } = await service.ecr.describeRepositories({
        repositoryNames: [repository!.repositoryName!],
      });
      expect(repositories).toEqual([repository]);
      expect(nextToken).toBeUndefined();
    });

    it("tells times as seconds with milliseconds as fraction (A2)", async () => {
      const { json } = await call(service, "DescribeRepositories", { repositoryNames: [await service.repository()] });
      const [{ createdAt }] = json["repositories"] as [{ createdAt: number }];
      expect(createdAt * 1000).toBeCloseTo(Math.round(createdAt * 1000), 3);
      expect(Math.abs(createdAt * 1000 - Date.now())).toBeLessThan(60_000);
    });

    it("refuses all when one name is missing (C3)", async () => {
      const missing = service.freshName();
      const repositoryNames = [await service.repository(), missing];
      expect(await refusal(service.ecr.describeRepositories({ repositoryNames }))).toEqual(
        noRepository(service, missing),
      );
    });

    it.runIf(isLocal)("shows another account nothing of this one", async () => {
      await service.repository();
      const stranger = clientOf(service.endpoint, service.stranger!);
      expect((await stranger.describeRepositories({})).repositories).toEqual([]);
      expect((await refusal(stranger.describeRepositories({ registryId: service.caller.accountId }))).name).toBe(
        "AccessDeniedException",
      );
    });

    it.runIf(isLocal)("keeps regions apart (design 5)", async () => {
      const repositoryName = await service.repository();
      const elsewhere = clientOf(service.endpoint, { ...service.caller, region: "ap-south-1" });
      expect((await elsewhere.describeRepositories({})).repositories).toEqual([]);
      const { repository } = await elsewhere.createRepository({ repositoryName });
      expect(repository?.repositoryArn).toContain(":ap-south-1:");
    });
  });
});

describe("DeleteRepository", () => {
  describe("serialization", () => {
    it("a text as force is refused (C1)", async () => {
      expect(await refused(call(service, "DeleteRepository", { repositoryName: "app", force: "yes" }))).toMatchObject({
        name: "SerializationException",
      });
    });
  });

  describe("validation", () => {
    it("no name (C2)", async () => {
      expect(await refused(call(service, "DeleteRepository", {}))).toMatchObject(
        invalid("repositoryName", "must not be null"),
      );
    });
  });

  describe("behaviour", () => {
    it("answers the whole object that is gone (C4)", async () => {
      const { repository } = await service.ecr.createRepository({ repositoryName: service.freshName() });
      const repositoryName = repository?.repositoryName;
      expect((await service.ecr.deleteRepository({ repositoryName })).repository).toEqual(repository);
      expect(await refusal(service.ecr.describeRepositories({ repositoryNames: [repositoryName!] }))).toEqual(
        noRepository(service, repositoryName!),
      );
    });

    it("refuses what is not there (C3)", async () => {
      const repositoryName = service.freshName();
      expect(await refusal(service.ecr.deleteRepository({ repositoryName, force: true }))).toEqual(
        noRepository(service, repositoryName),
      );
    });
  });
});
