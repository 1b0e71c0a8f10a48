import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adminValidator } from "../admin/validate.ts";
import { MAX_ISSUES } from "../table/validate.ts";
import { InvalidParameterException, ValidationException } from "./generated/errors.ts";
import { constraints } from "./table/constraints.ts";
import { ecrTable } from "./table/table.ts";
import { ecrValidator } from "./validate.ts";

const { validate, assertValid } = ecrValidator;
const NAME_PATTERN = String.raw`[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`;
const PREFIX_PATTERN = String.raw`^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$`;
const repositoryName = "app";

/** [what is wrong, operation, input, field, constraint] */
const cases: readonly (readonly [string, string, object, string, string])[] = [
  [
    "a name's letters",
    "InitiateLayerUpload",
    { repositoryName: "App" },
    "repositoryName",
    `must satisfy regular expression '${NAME_PATTERN}'`,
  ],
  [
    "a name too short",
    "InitiateLayerUpload",
    { repositoryName: "a" },
    "repositoryName",
    "must have length greater than or equal to 2",
  ],
  [
    "a name too long",
    "InitiateLayerUpload",
    { repositoryName: "a".repeat(257) },
    "repositoryName",
    "must have length less than or equal to 256",
  ],
  ["no name", "InitiateLayerUpload", {}, "repositoryName", "must not be null"],
  [
    "a name in a list",
    "DescribeRepositories",
    { repositoryNames: ["app", "App"] },
    "repositoryName",
    `must satisfy regular expression '${NAME_PATTERN}'`,
  ],
  [
    "null in a list of names",
    "DescribeRepositories",
    { repositoryNames: [null] },
    "repositoryName",
    "must not be null",
  ],
  [
    "a tag's letters",
    "PutImage",
    { repositoryName, imageManifest: "{}", imageTag: "a b" },
    "imageTag",
    "must satisfy regular expression '[a-zA-Z0-9-_.]+'",
  ],
  [
    "an empty tag",
    "PutImage",
    { repositoryName, imageManifest: "{}", imageTag: "" },
    "imageTag",
    "Member must have length greater than or equal to 1",
  ],
  ["no image ids", "BatchGetImage", { repositoryName }, "imageIds", "Member must not be null"],
  [
    "empty image ids",
    "BatchGetImage",
    { repositoryName, imageIds: [] },
    "imageIds",
    "Member must have length greater than or equal to 1",
  ],
  [
    "101 image ids",
    "BatchGetImage",
    { repositoryName, imageIds: Array.from({ length: 101 }, () => ({})) },
    "imageIds",
    "Member must have length less than or equal to 100",
  ],
  [
    "null among image ids",
    "BatchGetImage",
    { repositoryName, imageIds: [{}, null] },
    "imageIds.2.member",
    "Member must not be null",
  ],
  [
    "a long tag in an image id",
    "BatchGetImage",
    { repositoryName, imageIds: [{ imageTag: "a".repeat(301) }] },
    "imageIds.1.member.imageTag",
    "Member must have length less than or equal to 300",
  ],
  [
    "maxResults too large",
    "DescribeRepositories",
    { maxResults: 1001 },
    "maxResults",
    "Member must have value less than or equal to 1000",
  ],
  [
    "maxResults too small",
    "DescribeRepositories",
    { maxResults: 0 },
    "maxResults",
    "Member must have value greater than or equal to 1",
  ],
  [
    "a short lifecycle policy",
    "PutLifecyclePolicy",
    { repositoryName, lifecyclePolicyText: "{}" },
    "lifecyclePolicyText",
    "Member must have length greater than or equal to 100",
  ],
  [
    "a prefix's letters",
    "DeletePullThroughCacheRule",
    { ecrRepositoryPrefix: "Root" },
    "ecrRepositoryPrefix",
    `Member must satisfy regular expression pattern: ${PREFIX_PATTERN}`,
  ],
  [
    "a registry id in a list",
    "GetAuthorizationToken",
    { registryIds: ["12"] },
    "registryIds",
    "Member must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]{12}]",
  ],
  [
    "a registry id",
    "DescribeRepositories",
    { registryId: "12" },
    "registryId",
    "Member must satisfy regular expression pattern: [0-9]{12}",
  ],
  [
    "a prefix in a list",
    "DescribePullThroughCacheRules",
    { ecrRepositoryPrefixes: ["A"] },
    "ecrRepositoryPrefixes",
    `Member must satisfy constraint: [Member must have length less than or equal to 30, Member must have length greater than or equal to 2, Member must satisfy regular expression pattern: ${PREFIX_PATTERN}]`,
  ],
  [
    "an enum in a list",
    "CreateRepositoryCreationTemplate",
    { prefix: "app", appliedFor: ["PUSH"] },
    "appliedFor",
    "Member must satisfy constraint: [Member must satisfy enum value set: [REPLICATION, PULL_THROUGH_CACHE, CREATE_ON_PUSH]]",
  ],
  [
    "tag mutability",
    "PutImageTagMutability",
    { repositoryName, imageTagMutability: "SOLID" },
    "imageTagMutability",
    "Member must satisfy enum value set: [IMMUTABLE, MUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION]",
  ],
  [
    "another enum",
    "DescribeImages",
    { repositoryName, filter: { tagStatus: "tagged" } },
    "filter.tagStatus",
    "Member must satisfy enum value set: [TAGGED, UNTAGGED, ANY]",
  ],
  [
    "a tag without key",
    "TagResource",
    { resourceArn: "arn", tags: [{ Value: "v" }] },
    "tags.1.member.key",
    "Member must not be null",
  ],
  [
    "a nested structure",
    "CreateRepository",
    { repositoryName, encryptionConfiguration: {} },
    "encryptionConfiguration.encryptionType",
    "Member must not be null",
  ],
  [
    "a layer digest",
    "GetDownloadUrlForLayer",
    { repositoryName, layerDigest: "sha256" },
    "layerDigest",
    "Member must satisfy regular expression pattern: [a-zA-Z0-9-_+.]+:[a-fA-F0-9]+",
  ],
  [
    "an empty name of a setting",
    "GetAccountSetting",
    { name: "" },
    "name",
    "Member must have length greater than or equal to 1",
  ],
];

describe("a breach of the model", () => {
  it.each(cases)("is told as ECR does: %s", (...row) => {
    const [, operation, input, field, constraint] = row;
    const message = `Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`;
    const name = operation as "PutImage";
    expect(() => assertValid(name, input)).toThrow(new InvalidParameterException(message));
    expect(validate(ecrTable.operations[operation]?.input ?? "", input)[0]).toMatchObject({
      field,
      constraint,
      message,
    });
  });

  it("is a ValidationException where the operation knows no other", () => {
    const table = Object.entries(ecrTable.operations).filter(
      ([, { errors }]) => !errors.includes("InvalidParameterException"),
    );
    expect(table.map(([name]) => name)).toEqual(["DeleteSigningConfiguration"]);
    expect(() => assertValid("DeleteSigningConfiguration", undefined)).toThrow(ValidationException);
    expect(() => assertValid("DeleteSigningConfiguration", {})).not.toThrow();
  });

  it("is told with the path down to it", () => {
    const [issue] = validate("BatchGetImageRequest", { repositoryName, imageIds: [{}, { imageTag: "" }] });
    expect(issue).toMatchObject({ path: ["imageIds", 1, "imageTag"], field: "imageIds.2.member.imageTag" });
    expect(validate("GetAuthorizationTokenRequest", { registryIds: ["123456789012", "x"] })[0]?.path).toEqual([
      "registryIds",
      1,
    ]);
  });

  it("is told for each value, the first of them in the model's order", () => {
    const issues = validate("PutImageRequest", { registryId: "1", repositoryName: "A", imageManifest: "" });
    expect(issues.map(({ field }) => field)).toEqual(["registryId", "repositoryName", "imageManifest"]);
  });

  it("is not looked for without end", () => {
    const registryIds = { repositoryNames: Array.from({ length: 100 }, () => "A"), registryId: "x" };
    expect(validate("DescribeRepositoriesRequest", registryIds)).toHaveLength(MAX_ISSUES);
    const destinations = Array.from({ length: 100 }, () => ({ region: "X", registryId: "x" }));
    const rules = Array.from({ length: 25 }, () => ({ destinations }));
    expect(validate("ReplicationConfiguration", { rules })).toHaveLength(MAX_ISSUES);
  });
});

describe("what keeps to the model", () => {
  it.each([
    ["InitiateLayerUpload", { repositoryName: "ab" }],
    ["InitiateLayerUpload", { repositoryName: "a".repeat(256) }],
    ["InitiateLayerUpload", { repositoryName: "a.b/c_d/e__f/g---h" }],
    ["PutImage", { repositoryName, imageManifest: "x", imageTag: "-.a_" }],
    ["DescribeRepositories", { maxResults: 1000, nextToken: "" }],
    ["BatchGetImage", { repositoryName, imageIds: Array.from({ length: 100 }, () => ({})) }],
    ["PutRegistryScanningConfiguration", { rules: [] }],
    ["UpdateRepositoryCreationTemplate", { prefix: "ROOT", repositoryPolicy: "", lifecyclePolicy: "" }],
    ["TagResource", { resourceArn: "arn", tags: [{ Key: "k", Value: "" }] }],
  ] as const)("passes in %s: %j", (operation, input) => {
    expect(() => assertValid(operation, input)).not.toThrow();
  });

  it.each([
    ["app/", false],
    ["/app", false],
    ["a..b", false],
    ["a___b", false],
    ["a_-b", false],
    ["app\n", false],
    ["a-b", true],
  ])("judges the name %j by the whole of it", (name, valid) => {
    expect(validate("RepositoryName", name)).toHaveLength(valid ? 0 : 1);
  });

  it("counts UTF-16 units, two for a character outside the basic plane", () => {
    expect(validate("RepositoryTemplateDescription", "😀".repeat(128))).toEqual([]);
    expect(validate("RepositoryTemplateDescription", "😀".repeat(129))).toHaveLength(1);
  });

  it("takes a layer part of 20 MiB and refuses one byte more", () => {
    expect(validate("LayerPartBlob", new Uint8Array(20_971_520))).toEqual([]);
    const [issue] = validate("LayerPartBlob", new Uint8Array(20_971_521));
    expect(issue?.constraint).toBe("Member must have length less than or equal to 20971520");
  });

  it.each(["*", "a", "a*b", "prod-*/x.y_z", "**", "a-b"])("takes the scanning filter %j", (filter) => {
    expect(validate("ScanningRepositoryFilterValue", filter)).toEqual([]);
  });

  it.each(["-a", "a-", "a--b", "A", "a/", ""])("refuses the scanning filter %j", (filter) => {
    expect(validate("ScanningRepositoryFilterValue", filter)).toHaveLength(1);
  });
});

describe("hostile text", () => {
  const pumps = [
    "a",
    "0",
    "A",
    "*",
    "-",
    "_",
    ".",
    "/",
    ":",
    "=",
    "a-",
    "a.",
    "a_",
    "a/",
    "*a",
    "a:",
    "-a",
    "arn:aws-a",
    "a0-._/",
  ];
  const patterned = Object.entries(constraints).filter(([, { pattern }]) => pattern !== undefined);

  it.each(patterned)("is judged at once by the pattern of %s", (name, { max = 1_000_000 }) => {
    for (const pump of pumps) {
      for (const head of ["", "arn:aws:iam::123456789012:role/", "arn:aws:secretsmanager:a", "a/", "a:"]) {
        const text = `${head}${pump.repeat(Math.ceil(max / pump.length))}`.slice(0, Math.max(0, max - 1));
        expect(validate(name, `${text} `).length).toBeLessThanOrEqual(1);
        expect(validate(name, `${text}!`.repeat(2)).length).toBeLessThanOrEqual(1);
      }
    }
  });

  it("is judged by a safe form of the scanning filter's pattern that says the same as the model's", () => {
    const model = new RegExp(`^(?:${constraints["ScanningRepositoryFilterValue"]?.pattern ?? ""})$`);
    const letters = fc.string({
      unit: fc.constantFrom("a", "0", "*", ".", "_", "-", "/", "A"),
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(letters, (text) => {
        expect(validate("ScanningRepositoryFilterValue", text)).toHaveLength(model.test(text) ? 0 : 1);
      }),
      { numRuns: 5000 },
    );
  });

  it("is measured before it is matched", () => {
    const [issue] = validate("RepositoryName", "a".repeat(1_000_000));
    expect(issue?.constraint).toBe("must have length less than or equal to 256");
  });
});

describe("the administration door", () => {
  it("is validated with the same texts", () => {
    expect(() => adminValidator.assertValid("UpdateAccessKey", { accessKeyId: "A".repeat(20), status: "Off" })).toThrow(
      new InvalidParameterException(
        "Invalid parameter at 'status' failed to satisfy constraint: 'Member must satisfy enum value set: [Active, Inactive]'",
      ),
    );
    expect(() => adminValidator.assertValid("DeleteAccessKey", {})).toThrow(
      "'accessKeyId' failed to satisfy constraint: 'Member must not be null'",
    );
    expect(() => adminValidator.assertValid("DeleteAccessKey", { accessKeyId: "A".repeat(16) })).not.toThrow();
  });
});
