import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enableMounting, openServer, type OciServer } from "../wire/oci/server.ts";
import { blobCases } from "./blob-cases.ts";
import { dataCases } from "./data-cases.ts";
import { dataSets } from "./data-sets.ts";
import { closingCases, openingCases } from "./general-cases.ts";
import { Run } from "./run.ts";
import { summary, unexplainedSkips } from "./summary.ts";
import { versions } from "./versions.ts";

const REPORT = join(import.meta.dirname, "../../.reports/conformance.md");

let server: OciServer;
const runs: Run[] = [];

beforeAll(async () => {
  server = await openServer();
  await enableMounting(server.ecr);
});

afterAll(async () => {
  for (const run of runs) await run.client.close();
  await server.close();
  await mkdir(join(REPORT, ".."), { recursive: true });
  await writeFile(REPORT, summary(runs, "The cases of the OCI conformance program, ported; BLOB_MOUNTING is ENABLED."));
});

describe.each(versions)("distribution-spec $name", (version) => {
  let run: Run;

  beforeAll(async () => {
    const base = `conformance/v${version.name.replace("+", "-")}`;
    run = new Run(version, {
      origin: server.origin,
      authorization: server.authorization,
      repository1: await server.createRepository(`${base}/repo1`),
      repository2: await server.createRepository(`${base}/repo2`),
    });
    runs.push(run);
  });

  const cases = [
    ...openingCases,
    ...blobCases("sha256"),
    ...blobCases("sha512"),
    ...dataSets.flatMap(dataCases),
    ...closingCases,
  ];
  test.each(cases)("$name", async ({ run: work }) => {
    const before = run.failures().length;
    await work(run);
    expect(run.failures().slice(before)).toEqual([]);
  });

  test("every skipped check is one that is explained", () => {
    expect(unexplainedSkips(run)).toEqual([]);
  });
});
