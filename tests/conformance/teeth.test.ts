import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blobCases } from "./blob-cases.ts";
import { dataCases } from "./data-cases.ts";
import { dataSets } from "./data-sets.ts";
import { closingCases } from "./general-cases.ts";
import { Run } from "./run.ts";
import { versions } from "./versions.ts";

/** Says yes to everything: no case may take that for conformance. */
let flatterer: Server;

beforeAll(async () => {
  flatterer = createServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
  });
  await new Promise<void>((resolve) => {
    flatterer.listen(0, "127.0.0.1", resolve);
  });
});

afterAll(() => {
  flatterer.close();
});

const newest = versions.at(-1)!;
const hasReferrers = new Set(["artifacts with subject", "index with subject", "missing subject"]);
const cases = [
  ...blobCases("sha256"),
  ...dataSets.flatMap((set) =>
    dataCases(set).filter(({ name }) => !name.endsWith("/referrers") || hasReferrers.has(set.name)),
  ),
  ...closingCases,
];

describe("a registry that says yes to everything fails", () => {
  // The bad digest set has no tags, so its list may be empty and its reading is left out.
  test.each(cases.filter(({ name }) => !/^(bad digest image|digest algorithm sha512)\/tag list$/.test(name)))(
    "$name",
    async ({ run: work }) => {
      const { port } = flatterer.address() as AddressInfo;
      const target = { authorization: "Basic QVdTOng=", repository1: "repo1", repository2: "repo2" };
      const run = new Run(newest, { ...target, origin: `http://127.0.0.1:${port}` });
      await work(run);
      await run.client.close();
      expect(run.failures()).not.toEqual([]);
    },
  );
});
