import assert from "node:assert/strict";
import { ecrCodec, ecrTable, type OperationName } from "@stowage/model";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { APP, APP_POLICY, callersOf, NO_APP, OTHER_APP, type Asked, type Caller } from "./callers.ts";
import { samples } from "./ecr-rows.ts";
import { arnOf, ELSEWHERE, HOME, openInstallation, REGION, type Installation, type Login } from "./installation.ts";

let installation: Installation;
let root: Login;
let callers: readonly Caller[];

beforeAll(async () => {
  installation = await openInstallation();
  callers = await callersOf(installation);
  root = await installation.login(HOME);
});
afterAll(() => installation.close());

/** Some of the rows take these away. */
beforeEach(async () => {
  for (const repositoryName of [APP, OTHER_APP]) await installation.api("CreateRepository", { repositoryName }, root);
  const policy = { repositoryName: APP, policyText: APP_POLICY };
  assert.equal((await installation.api("SetRepositoryPolicy", policy, root)).status, 200);
});

/** An operation asked of a repository, or of the registry. */
interface Row {
  readonly operation: OperationName;
  readonly repositoryName: string | undefined;
  readonly input: object;
  readonly namesRegistry: boolean;
  /** What it acts on, for a caller of an account. */
  readonly resource: (accountId: string, region: string) => string;
}

function rowsOf(operation: OperationName): readonly Row[] {
  const isOfRepository = JSON.stringify(samples[operation]("a/b")) !== JSON.stringify(samples[operation]("c/d"));
  return (isOfRepository ? [APP, OTHER_APP, NO_APP] : [undefined]).map((name) => rowOf(operation, name));
}

function rowOf(operation: OperationName, repositoryName: string | undefined): Row {
  const encoded = ecrCodec.encodeInput(operation, samples[operation](repositoryName ?? ""));
  const shape = ecrTable.shapes[ecrTable.operations[operation]?.input ?? ""];
  const takesRegistry = typeof shape === "object" && "structure" in shape && "registryId" in shape.structure;
  const input = { ...(encoded as object), ...(takesRegistry && { registryId: HOME }) };
  const namesRegistry = takesRegistry || "resourceArn" in input;
  return {
    operation,
    repositoryName,
    input,
    namesRegistry,
    resource: (accountId, region) => {
      if (repositoryName !== undefined) return arnOf(repositoryName, region);
      return accountId === HOME || !namesRegistry ? "*" : `arn:aws:ecr:${region}:${HOME}:*`;
    },
  };
}

/** In the other region the ARN of this one is none; which is found out before anybody is authorised. */
function isMalformed({ input }: Row, caller: Caller): boolean {
  return "resourceArn" in input && caller.signing?.region !== undefined;
}

function expected(row: Row, caller: Caller): string {
  const asked: Asked = {
    action: `ecr:${row.operation}`,
    repositoryName: row.repositoryName,
    namesRegistry: row.namesRegistry,
  };
  const verdict = caller.rule(asked);
  if (verdict.kind === "stranger") return verdict.ecr;
  if (isMalformed(row, caller)) return "InvalidParameterException";
  if (verdict.kind === "allowed") return "allowed";
  const { accountId = "", arn = "" } = caller.login?.principal ?? {};
  const resource = row.resource(accountId, caller.signing?.region ?? REGION);
  return `User: ${arn} is not authorized to perform: ${asked.action} on resource: ${resource} ${verdict.because}`;
}

const STRANGERS = [
  "MissingAuthenticationTokenException",
  "InvalidSignatureException",
  "ExpiredTokenException",
  "UnrecognizedClientException",
  "IncompleteSignature",
];

async function actual(row: Row, caller: Caller): Promise<string> {
  const { status, json } = await installation.api(row.operation, row.input, caller.login, caller.signing);
  const name = String(json["__type"]);
  if (name === "AccessDeniedException") return String(json["message"]);
  if (STRANGERS.includes(name) || isMalformed(row, caller)) return name;
  // Whether what was allowed can also be done is another matter; the server must not fail at it.
  return status < 500 ? "allowed" : `${status} ${name}`;
}

async function cells(row: Row): Promise<readonly [Record<string, string>, Record<string, string>]> {
  const [seen, wanted]: [Record<string, string>, Record<string, string>] = [{}, {}];
  for (const caller of callers) {
    seen[caller.name] = await actual(row, caller);
    wanted[caller.name] = expected(row, caller);
  }
  return [seen, wanted];
}

describe("who may call what: every operation of the API", () => {
  const rows = ecrCodec.operationNames.flatMap(rowsOf);

  it.each(rows.map((row) => [row.operation, row.repositoryName ?? "the registry", row] as const))(
    "%s on %s",
    async (_operation, _target, row) => {
      const [seen, wanted] = await cells(row);
      expect(seen).toEqual(wanted);
    },
  );

  it("has a row each, and a cell for each of twelve callers", () => {
    expect(new Set(rows.map(({ operation }) => operation))).toEqual(new Set(ecrCodec.operationNames));
    expect(new Set(callers.map(({ name }) => name)).size).toBe(12);
  });
});

describe("who may call what: what the operation alone does not tell", () => {
  it("listing all repositories is asked of all of them", async () => {
    const row: Row = {
      ...rowOf("DescribeRepositories", "*"),
      input: { registryId: HOME },
      repositoryName: "*",
    };
    const [seen, wanted] = await cells(row);
    expect(seen).toEqual(wanted);
  });

  it("several repositories at once are each asked for", async () => {
    const scoped = callers.find(({ name }) => name === "repository-scoped user")?.login;
    const input = { repositoryNames: [APP, OTHER_APP] };
    const { json } = await installation.api("DescribeRepositories", input, scoped);
    expect(json["message"]).toContain(`on resource: ${arnOf(OTHER_APP)} because no identity-based policy`);
  });

  it("a registry of another account that names itself is its own", async () => {
    const stranger = callers.find(({ name }) => name === "other account")?.login;
    const { status } = await installation.api("DescribeRepositories", { registryId: ELSEWHERE }, stranger);
    expect(status).toBe(200);
  });
});
