import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { pushAny, type Case } from "./blob-cases.ts";
import { deleteBlob } from "./blob-requests.ts";
import { listReferrers, listTags } from "./list-requests.ts";
import { manifestPath, putRefused } from "./manifest-requests.ts";
import type { Run } from "./run.ts";
import { digestOf, TestData } from "./test-data.ts";

const BAD_DIGEST = "sha256:baddigeststring";

/** Before anything is pushed. */
export const openingCases: readonly Case[] = [
  {
    name: "ping",
    run: async (run) => {
      await run.check("ping", async () => {
        assert.equal((await run.client.send("GET", "/v2/")).status, 200);
      });
    },
  },
  {
    name: "empty",
    run: async (run) => {
      await run.check("empty/tag list", async () => {
        await listTags(run);
      });
      if (!run.version.referrers) {
        run.skip("empty/referrers", "not part of this version");
        return;
      }
      await run.check("empty/referrers", async () => {
        const subject = digestOf("sha256", randomBytes(32));
        const { referrers } = await listReferrers(run, `/v2/${run.repository1}/referrers/${subject}`);
        assert.deepEqual(referrers, []);
      });
    },
  },
];

/** Manifests that are not there or cannot be. */
export const closingCases: readonly Case[] = [
  {
    name: "missing manifest",
    run: async (run) => {
      await expectStatus(run, "missing manifest/by digest", {
        reference: digestOf("sha256", randomBytes(1024)),
        statuses: [404],
      });
      await expectStatus(run, "missing manifest/by tag", { reference: `missing-${randomUUID()}`, statuses: [404] });
      // A tag that cannot be, as the suite of 1.0 and of early 1.1 asks for it.
      await expectStatus(run, "missing manifest/by impossible tag", {
        reference: ".INVALID_MANIFEST_NAME",
        statuses: [404],
      });
    },
  },
  {
    name: "invalid digest format",
    run: async (run) => {
      const data = new TestData("invalid digest format");
      data.addImage({ layerCount: 1 });
      const path = "invalid digest format";
      for (const [digest, content] of data.blobs) {
        await pushAny(run, path, { repository: run.repository1, digest, content });
      }
      for (const content of data.manifests.values()) {
        await run.check(`${path}/manifest put`, () => putRefused(run, BAD_DIGEST, content));
      }
      await expectStatus(run, `${path}/manifest get`, { reference: BAD_DIGEST, statuses: [400, 404] });
      for (const digest of data.blobs.keys()) {
        await run.check(`${path}/delete/blob`, () => deleteBlob(run, { repository: run.repository1, digest }));
      }
    },
  },
];

async function expectStatus(
  run: Run,
  name: string,
  { reference, statuses }: { readonly reference: string; readonly statuses: readonly number[] },
): Promise<void> {
  await run.check(name, async () => {
    const answer = await run.client.send("GET", manifestPath(run, reference));
    assert.ok(statuses.includes(answer.status), `GET answered ${answer.status}`);
  });
}
