import assert from "node:assert/strict";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { READS, REGISTRY_ROUTES, repositoryRoutes } from "../../../packages/server/src/oci-api/methods.ts";
import { errorOf, RegistryClient } from "../oci/client.ts";
import { pushImage, sha256 } from "../oci/pushing.ts";
import { APP, APP_POLICY, callersOf, NO_APP, OTHER_APP, type Caller, type Verdict } from "./callers.ts";
import { arnOf, HOME, openInstallation, type Installation } from "./installation.ts";
import { ociRows, type OciRow } from "./oci-rows.ts";

const LAYER = "layer of the matrix";
const rows = ociRows(sha256(Buffer.from(LAYER)));
let installation: Installation;
let callers: readonly Caller[];

beforeAll(async () => {
  installation = await openInstallation();
  callers = await callersOf(installation);
  const root = await installation.login(HOME);
  const client = new RegistryClient(installation.endpoint, installation.authorization(root));
  for (const repositoryName of [APP, OTHER_APP]) {
    await installation.api("CreateRepository", { repositoryName }, root);
    await pushImage(client, repositoryName, { content: LAYER });
  }
  await client.close();
  const policy = { repositoryName: APP, policyText: APP_POLICY };
  assert.equal((await installation.api("SetRepositoryPolicy", policy, root)).status, 200);
});
afterAll(() => installation.close());

/** What the first action is that stands in the way, and why. */
function verdictOf(row: OciRow, repositoryName: string, { rule }: Caller): { action: string; verdict: Verdict } {
  const judge = (action: string): Verdict => rule({ action, repositoryName, namesRegistry: true });
  let last = { action: "", verdict: judge("ecr:Nothing") };
  if (last.verdict.kind === "stranger") return last;
  for (const [at, action] of row.actions.entries()) {
    last = { action, verdict: judge(action) };
    const isSpared = at === 0 && row.instead !== undefined && judge(row.instead).kind === "allowed";
    if (last.verdict.kind !== "allowed" && !isSpared) return last;
  }
  return { action: "", verdict: { kind: "allowed" } };
}

function expected(row: OciRow, repositoryName: string, caller: Caller): string {
  // The host's name says which region is meant: a token of another one is none.
  if (caller.signing?.region !== undefined) return "401";
  const { action, verdict } = verdictOf(row, repositoryName, caller);
  if (verdict.kind === "stranger") return String(verdict.ociStatus);
  if (row.always !== undefined) return String(row.always);
  if (verdict.kind === "denied") {
    const who = `User: ${caller.login?.principal.arn} is not authorized to perform: ${action}`;
    const text = `${who} on resource: ${arnOf(repositoryName)} ${verdict.because}`;
    return row.method === "HEAD" ? "403" : `403 ${text}`;
  }
  if (row.succeeds === undefined) return "allowed";
  return repositoryName === NO_APP ? "404" : String(row.succeeds);
}

async function actual(row: OciRow, repositoryName: string, caller: Caller): Promise<string> {
  const given = row.body === undefined ? {} : { body: row.body };
  const answer = await installation.oci(row.method, row.path(repositoryName), caller.authorization, given);
  const { status } = answer;
  if (row.always !== undefined || row.succeeds !== undefined ? status !== 403 : status === 401) return String(status);
  if (status !== 403) return status < 500 ? "allowed" : String(status);
  if (row.method === "HEAD") return "403";
  const { code, message } = errorOf(answer);
  assert.equal(code, "DENIED");
  return message.startsWith("User: ") ? `403 ${message}` : "403";
}

describe("who may do what on /v2/: every route and method", () => {
  const cases = rows.flatMap((row) => {
    const targets = row.kind === "ping" || row.kind === "catalog" ? [APP] : [APP, OTHER_APP, NO_APP];
    return targets.map((name) => [[row.method, row.kind, row.what ?? ""].join(" ").trim(), name, row] as const);
  });

  it.each(cases)("%s of %s", async (_route, name, row) => {
    const [seen, wanted]: [Record<string, string>, Record<string, string>] = [{}, {}];
    for (const caller of callers) {
      seen[caller.name] = await actual(row, name, caller);
      wanted[caller.name] = expected(row, name, caller);
    }
    expect(seen).toEqual(wanted);
  });

  it("has a row each", () => {
    const answered = Object.entries(repositoryRoutes(installation.registry)).flatMap(([kind, methods]) =>
      Object.keys(methods).map((method) => `${method} ${kind}`),
    );
    const whole = REGISTRY_ROUTES.flatMap((kind) => READS.map((method) => `${method} ${kind}`));
    expect(new Set(rows.map(({ method, kind }) => `${method} ${kind}`))).toEqual(new Set([...answered, ...whole]));
  });
});

describe("lists show what may be seen", () => {
  it("the catalog has the repositories that a caller may describe", async () => {
    const seen: Record<string, unknown> = {};
    const wanted: Record<string, unknown> = {};
    for (const caller of callers.filter((one) => one.login !== undefined && one.signing === undefined)) {
      const { rule, name, authorization } = caller;
      const ask = (repositoryName: string) =>
        rule({ action: "ecr:DescribeRepositories", repositoryName, namesRegistry: true });
      if (ask(APP).kind === "stranger") continue;
      wanted[name] = [APP, OTHER_APP].filter((repositoryName) => ask(repositoryName).kind === "allowed");
      const answer = await installation.oci("GET", "/v2/_catalog", authorization);
      seen[name] = (JSON.parse(answer.body.toString()) as { repositories: unknown }).repositories;
    }
    expect(seen).toEqual(wanted);
    expect(Object.keys(seen)).toHaveLength(8);
  });
});
