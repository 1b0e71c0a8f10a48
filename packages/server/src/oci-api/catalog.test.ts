import { isRegistryId, isRepositoryName } from "@stowage/model";
import { createRegistry, type AccessRequest, type Registry, type RegistryKey } from "@stowage/registry";
import { nodeHasher, openMemoryBlobs, openSqlite, systemClock, systemIds } from "@stowage/storage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RegistryCall } from "../auth/call.ts";
import { listCatalog, MAX_SCANNED } from "./catalog.ts";

const account = "000000000000";
if (!isRegistryId(account)) throw new TypeError("not an account");
const key: RegistryKey = { registryId: account, region: "us-east-1" };
const arn = `arn:aws:iam::${account}:user/reader`;
const call: RegistryCall = {
  requestId: "request",
  principal: { kind: "user", accountId: account, arn, userId: "reader", identityArn: arn },
  registry: key,
  host: "localhost",
  secure: false,
  access: {},
  now: new Date(),
};

let registry: Registry;
let close: () => Promise<void>;

function nameOf(at: number): string {
  return `repository-${String(at).padStart(5, "0")}`;
}

beforeAll(async () => {
  const metadata = await openSqlite({ path: ":memory:" });
  const blobs = await openMemoryBlobs();
  registry = createRegistry({
    metadata,
    blobs,
    clock: systemClock,
    ids: systemIds,
    hasher: nodeHasher,
    pageTokenKey: new Uint8Array(32),
  });
  for (let at = 0; at <= MAX_SCANNED; at += 1) {
    const name = nameOf(at);
    if (!isRepositoryName(name)) throw new TypeError("not a repository name");
    await registry.repositories.create(key, { name });
  }
  close = async () => {
    await metadata.close();
    await blobs.close();
  };
});

afterAll(() => close());

interface Listed {
  readonly names: readonly string[];
  readonly next: string | undefined;
}

/** Lists as a caller who may describe only what `mayDescribe` lets through. */
async function list(query: string, mayDescribe: (resource: string) => boolean): Promise<Listed> {
  const allowed = (request: AccessRequest): Promise<boolean> =>
    Promise.resolve(request.action === "ecr:DescribeRepositories" && mayDescribe(request.resource));
  const reply = await listCatalog({ ...registry, access: { ...registry.access, allowed } }, call, query);
  if (typeof reply.body !== "string") throw new TypeError("a list has a text");
  const { repositories } = JSON.parse(reply.body) as { repositories: string[] };
  const [, next] = /^<\/v2\/_catalog\?([^>]+)>; rel="next"$/.exec(reply.headers?.["link"] ?? "") ?? [];
  return { names: repositories, next };
}

describe("a caller who may see few repositories of many", () => {
  test("gets them through pages that are short but linked, and each looks at a bounded number", async () => {
    const last = nameOf(MAX_SCANNED);
    const first = await list("n=1000", (resource) => resource.endsWith(last));
    expect(first).toEqual({ names: [], next: `n=1000&last=${nameOf(MAX_SCANNED - 1)}` });
    const second = await list(first.next ?? "", (resource) => resource.endsWith(last));
    expect(second).toEqual({ names: [last], next: undefined });
  });

  test("gets a page as long as asked, whatever lies between", async () => {
    const found: string[] = [];
    for (let next: string | undefined = "n=7"; next !== undefined;) {
      const page: Listed = await list(next, (resource) => resource.endsWith("00"));
      expect(page.names.length === 7 || page.next === undefined).toBe(true);
      found.push(...page.names);
      ({ next } = page);
    }
    expect(found).toEqual(Array.from({ length: 51 }, (_, at) => nameOf(100 * at)));
  });
});

test("a last page that is full has no link", async () => {
  const page = await list(`n=2&last=${nameOf(MAX_SCANNED - 2)}`, () => true);
  expect(page).toEqual({ names: [nameOf(MAX_SCANNED - 1), nameOf(MAX_SCANNED)], next: undefined });
});
