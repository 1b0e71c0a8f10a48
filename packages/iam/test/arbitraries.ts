import * as fc from "fast-check";

import { ABROAD, HOME, anonymous, role, root, service, session, user } from "./callers.ts";
import type {
  Caller,
  ConditionDocument,
  ConditionValue,
  Documents,
  OneOrMany,
  PolicyDocument,
  PrincipalDocument,
  Question,
  StatementDocument,
} from "./documents.ts";

// Small pools, so that policies and requests meet often and in every way.
const actions = ["ecr:PutImage", "ecr:BatchGetImage", "ecr:GetAuthorizationToken", "sts:AssumeRole"];
const actionPatterns = [
  "*",
  "ecr:*",
  "ecr:Put*",
  "ECR:putimage",
  "ecr:*Image",
  "ecr:???Image",
  "ecr:BatchGetImage",
  "sts:*",
];
const trustPatterns = ["sts:*", "sts:AssumeRole", "STS:Assume*", "sts:TagSession"];
const repositories = ["app", "team/app", "team/ann", "a*b", "blue"];
const resources = [
  ...[HOME, ABROAD].flatMap((account) =>
    repositories.map((name) => `arn:aws:ecr:us-east-1:${account}:repository/${name}`),
  ),
  "*",
];
const resourcePatterns = [
  "*",
  `arn:aws:ecr:*:${HOME}:repository/*`,
  `arn:aws:ecr:us-east-?:${HOME}:repository/team/*`,
  "arn:aws:ecr:*:*:repository/app",
  "arn:aws:ecr:us-east-1:*",
  "arn:aws:ecr",
  "arn:aws:ecr:*:repository/a*",
  "arn:aws:ecr:*:*:repository/team/${aws:username}",
  "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team, 'blue'}",
  "arn:aws:ecr:*:*:repository/a${*}b",
  "arn:aws:ecr:*:*:repository/${aws:ResourceTag/team}*",
];
const names = ["ann", "bob"];
const tags = ["blue", "Blue", "green", "a*b", ""];
const callers: readonly Caller[] = [
  ...[HOME, ABROAD].flatMap((account) => [
    root(account),
    ...names.flatMap((name) => [
      user(name, account),
      user(name, account, { team: "blue", Dept: "x" }),
      session(name, account, { TEAM: "green" }),
      session(name, account),
      role(name, account),
    ]),
  ]),
  anonymous,
  service(),
  service("ecr.amazonaws.com"),
];
const principalTexts = [
  "*",
  HOME,
  ABROAD,
  `arn:aws:iam::${HOME}:root`,
  ...callers.map(({ arn }) => arn).filter((arn) => /:(?:user|role|assumed-role)\//.test(arn)),
  ...callers.flatMap(({ userId }) => (userId.startsWith("A") ? [userId.split(":", 1).join("")] : [])),
];

interface KeyPool {
  readonly operators: readonly string[];
  readonly keys: readonly string[];
  /** What policies say. */
  readonly wanted: readonly ConditionValue[];
  /** What requests have. */
  readonly actual: readonly string[];
}

const TEXT_KEYS = [
  "aws:ResourceTag/team",
  "AWS:resourcetag/TEAM",
  "aws:PrincipalTag/team",
  "aws:username",
  "aws:TagKeys",
];
const relations = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"];
const pools: readonly KeyPool[] = [
  {
    operators: [
      "StringEquals",
      "StringNotEquals",
      "StringEqualsIgnoreCase",
      "StringNotEqualsIgnoreCase",
      "StringLike",
      "StringNotLike",
    ],
    keys: TEXT_KEYS,
    wanted: [
      ...tags,
      "b*",
      "?lue",
      "*",
      "ann",
      "${aws:username}",
      "${aws:PrincipalTag/team}",
      "a${*}b",
      "${aws:username, 'blue'}",
      "${aws:TagKeys}",
      "${aws:TagKeys, 'blue'}*",
      12,
      true,
    ],
    actual: [...tags, "ann", "12", "true"],
  },
  {
    operators: relations.map((relation) => `Numeric${relation}`),
    keys: ["test:count"],
    wanted: [1, "2", 2.5, "-1", "02"],
    actual: ["1", "2", "2.0", "3", "-1", "many", ""],
  },
  {
    operators: relations.map((relation) => `Date${relation}`),
    keys: ["aws:CurrentTime"],
    wanted: ["2026-11-21T12:00:00Z", "2026-11-21", "2026", 1_795_262_400, "2026-11-21T13:00:00+01:00"],
    actual: ["2026-11-21T12:00:00Z", "2026-11-21T11:59:59.999Z", "1795262400", "2027-01-01T00:00:00Z", "noon"],
  },
  {
    operators: ["Bool"],
    keys: ["aws:SecureTransport"],
    wanted: [true, "false", "True"],
    actual: ["true", "false", "maybe"],
  },
  {
    operators: ["BinaryEquals"],
    keys: ["test:blob"],
    wanted: ["QQ==", "QUI=", "QQ"],
    actual: ["QQ==", "QUI=", "QUJD"],
  },
  {
    operators: ["IpAddress", "NotIpAddress"],
    keys: ["aws:SourceIp"],
    wanted: ["10.0.0.0/8", "203.0.113.7", "0.0.0.0/0", "2001:db8::/33", "::ffff:10.0.0.0/104", "::/0"],
    actual: ["10.1.2.3", "203.0.113.7", "::ffff:10.9.9.9", "2001:db8::1", "2001:db8:8000::1", "::1", "unknown"],
  },
  {
    operators: ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
    keys: ["aws:PrincipalArn", "aws:SourceArn"],
    wanted: [
      `arn:aws:iam::${HOME}:user/*`,
      "arn:aws:iam::*:role/ann",
      "arn:aws:ecr:us-east-1:*",
      "arn:*",
      "arn:aws:ecr:*:*:repository/a?p*",
      "arn:aws:iam::*:user/${aws:username}",
    ],
    actual: [`arn:aws:ecr:us-east-1:${HOME}:repository/app`, "arn:aws:ecr:us-east-1:1:repository/app:2", "none"],
  },
];
const nullKeys = ["aws:TagKeys", "aws:username", "test:count", "aws:PrincipalTag/dept"];

function oneOrMany<T>(pool: readonly T[]): fc.Arbitrary<OneOrMany<T>> {
  const one = fc.constantFrom(...pool);
  return fc.oneof<fc.Arbitrary<OneOrMany<T>>[]>(one, fc.array(one, { minLength: 1, maxLength: 4 }));
}

const entry: fc.Arbitrary<[string, Record<string, OneOrMany<ConditionValue>>]> = fc
  .constantFrom(...pools)
  .chain((pool) =>
    fc
      .tuple(
        fc.constantFrom("", "", "ForAllValues:", "ForAnyValue:"),
        fc.constantFrom(...pool.operators),
        fc.constantFrom("", "", "IfExists"),
        fc.constantFrom(...pool.keys),
        oneOrMany(pool.wanted),
      )
      .map(([qualifier, operator, suffix, key, values]) => [`${qualifier}${operator}${suffix}`, { [key]: values }]),
  );
const nullEntry: typeof entry = fc
  .tuple(fc.constantFrom(...nullKeys), oneOrMany<ConditionValue>([true, false, "true", "False"]))
  .map(([key, values]) => ["Null", { [key]: values }]);
const condition: fc.Arbitrary<ConditionDocument> = fc
  .array(fc.oneof({ weight: 6, arbitrary: entry }, { weight: 1, arbitrary: nullEntry }), { minLength: 1, maxLength: 2 })
  .map((entries) => Object.fromEntries(entries));

const principal: fc.Arbitrary<PrincipalDocument> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<PrincipalDocument>("*") },
  { weight: 6, arbitrary: oneOrMany(principalTexts).map((AWS) => ({ AWS })) },
  { weight: 1, arbitrary: oneOrMany(["replication.ecr.amazonaws.com"]).map((Service) => ({ Service })) },
);

interface Shape {
  readonly principals: boolean;
  readonly resources: boolean;
  readonly actions: readonly string[];
}

function statement({ principals, resources: hasResources, actions: patterns }: Shape): fc.Arbitrary<StatementDocument> {
  const action = fc.oneof(
    { weight: 5, arbitrary: oneOrMany(patterns).map((Action) => ({ Action })) },
    { weight: 1, arbitrary: oneOrMany(patterns).map((NotAction) => ({ NotAction })) },
  );
  const resource = fc.oneof(
    { weight: 6, arbitrary: oneOrMany(resourcePatterns).map((Resource) => ({ Resource })) },
    { weight: 1, arbitrary: oneOrMany(resourcePatterns).map((NotResource) => ({ NotResource })) },
  );
  const who = fc.oneof(
    { weight: 8, arbitrary: principal.map((Principal) => ({ Principal })) },
    { weight: 1, arbitrary: principal.map((NotPrincipal) => ({ NotPrincipal })) },
  );
  return fc
    .tuple(
      fc.constantFrom("Allow" as const, "Allow" as const, "Allow" as const, "Deny" as const),
      action,
      hasResources ? resource : fc.constant({}),
      principals ? who : fc.constant({}),
      fc.option(condition, { nil: undefined, freq: 2 }),
    )
    .map(([Effect, ...parts]) => {
      const [acts, on, by, when] = parts;
      return { Effect, ...acts, ...on, ...by, ...(when && { Condition: when }) };
    });
}

function policy(shape: Shape): fc.Arbitrary<PolicyDocument> {
  return fc
    .tuple(
      fc.constantFrom("2012-10-17" as const, "2012-10-17" as const, "2008-10-17" as const, undefined),
      fc.oneof(statement(shape), fc.array(statement(shape), { minLength: 1, maxLength: 4 })),
    )
    .map(([Version, Statement]) => ({ ...(Version && { Version }), Statement }));
}

const own = policy({ principals: false, resources: true, actions: actionPatterns });
const ofResource = fc.oneof(
  policy({ principals: true, resources: false, actions: actionPatterns }),
  policy({ principals: true, resources: true, actions: actionPatterns }),
);
const ofRole = policy({ principals: true, resources: false, actions: trustPatterns });

/** Everything that may apply to a request. */
export const documents: fc.Arbitrary<Documents> = fc
  .record(
    {
      identity: fc.array(own, { maxLength: 2 }),
      boundary: own,
      session: fc.array(own, { maxLength: 2 }),
      resource: fc.array(ofResource, { maxLength: 2 }),
      trust: fc.option(ofRole, { nil: undefined, freq: 2 }),
    },
    { requiredKeys: ["identity", "resource"] },
  )
  .map(({ trust, ...others }) => ({ ...others, ...(trust && { trust }) }));

const contextPart: fc.Arbitrary<[string, readonly string[]]> = fc.constantFrom(...pools).chain((pool) =>
  fc.constantFrom(...pool.keys).chain((key) => {
    const value = fc.constantFrom(...pool.actual);
    const maxLength = key === "aws:TagKeys" ? 3 : 1;
    return fc
      .array(value, { minLength: 0, maxLength })
      .map((values): [string, readonly string[]] => [key.toLowerCase(), values]);
  }),
);

export const question: fc.Arbitrary<Question> = fc
  .record({
    caller: fc.constantFrom(...callers),
    action: fc.constantFrom(...actions),
    resource: fc.constantFrom(...resources),
    context: fc.array(contextPart, { maxLength: 6 }).map((parts) => Object.fromEntries(parts)),
  })
  .map((asked) => ({ ...asked, resourceAccountId: asked.resource.split(":")[4] ?? HOME }));
