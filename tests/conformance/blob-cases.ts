import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  blobPath,
  cancelUpload,
  deleteBlob,
  getBlob,
  headBlob,
  mountBlob,
  patchChunked,
  pushes,
  type ChunkOptions,
  type Pushed,
} from "./blob-requests.ts";
import type { BlobPush, Run } from "./run.ts";
import { digestOf, type Algorithm, type Content } from "./test-data.ts";

const SMALL = 512;
/** Spans three chunks. */
const LARGE = 3 * 1024 - 5;
const WAYS: readonly BlobPush[] = ["post+put", "post only", "stream", "chunked"];

/** One case of the blob groups: a name, and the checks it makes. */
export interface Case {
  readonly name: string;
  run(run: Run): Promise<void>;
}

function pushedBlob(repository: string, algorithm: Algorithm, content: Content): Pushed {
  return { repository, digest: digestOf(algorithm, content), content };
}

/** Pushes a blob in a way that has not had its turn yet, else in the simplest one. */
export async function pushAny(run: Run, path: string, pushed: Pushed): Promise<boolean> {
  const algorithm = pushed.digest.split(":", 1)[0] ?? "";
  const untried = WAYS.find((way) => !run.tried.has(`${algorithm} ${way}`));
  const way = untried ?? "post+put";
  run.tried.add(`${algorithm} ${way}`);
  return run.check(`${path}/push ${way}`, () => pushes[way](run, pushed));
}

async function readAndDelete(run: Run, path: string, pushed: Pushed): Promise<void> {
  await run.check(`${path}/head`, () => headBlob(run, pushed));
  await run.check(`${path}/get`, () => getBlob(run, pushed));
  await run.check(`${path}/delete`, () => deleteBlob(run, pushed));
}

/** The cases of one digest algorithm. Source: conformance program of distribution-spec, blob tests. */
export function blobCases(algorithm: Algorithm): readonly Case[] {
  const path = `blobs ${algorithm}`;
  return [
    getMissing(path, algorithm),
    ...WAYS.map((way) => pushCase(path, algorithm, { name: way, size: SMALL, push: pushes[way] })),
    ...chunkCases(path, algorithm),
    ...mountCases(path, algorithm),
    cancelCase(path),
    rangeCase(path, algorithm),
    ...contentCases(path, algorithm),
    ...badDigestCases(path, algorithm),
  ];
}

function getMissing(path: string, algorithm: Algorithm): Case {
  const name = `${path}/get missing`;
  return {
    name,
    run: async (run) => {
      const digest = digestOf(algorithm, randomBytes(SMALL));
      await run.check(name, async () => {
        const answer = await run.client.send("GET", blobPath({ repository: run.repository1, digest }));
        assert.equal(answer.status, 404, "GET of a blob that nobody pushed");
      });
    },
  };
}

interface PushCase {
  readonly name: string;
  readonly size: number;
  readonly push: (run: Run, pushed: Pushed) => Promise<void>;
}

function pushCase(path: string, algorithm: Algorithm, { name, size, push }: PushCase): Case {
  const full = `${path}/${name}`;
  return {
    name: full,
    run: async (run) => {
      const pushed = pushedBlob(run.repository1, algorithm, randomBytes(size));
      await run.check(`${full}/push`, () => push(run, pushed));
      await readAndDelete(run, full, pushed);
    },
  };
}

function chunkCases(path: string, algorithm: Algorithm): readonly Case[] {
  const variants: readonly (readonly [string, ChunkOptions])[] = [
    ["chunked multi", {}],
    ["chunked multi and put chunk", { putLast: true }],
    ["chunked out-of-order", { outOfOrder: true }],
    ["chunked out-of-order and put chunk", { outOfOrder: true, putLast: true }],
  ];
  return variants.map(([name, options]) =>
    pushCase(path, algorithm, { name, size: LARGE, push: (run, pushed) => patchChunked(run, pushed, options) }),
  );
}

function mountCases(path: string, algorithm: Algorithm): readonly Case[] {
  const mounts = [
    { name: "mount", isAnonymous: false },
    { name: "mount anonymous", isAnonymous: true },
  ].map(({ name, isAnonymous }): Case => {
    const full = `${path}/${name}`;
    return {
      name: full,
      run: async (run) => {
        const content = randomBytes(SMALL);
        const source = pushedBlob(run.repository2, algorithm, content);
        const target = pushedBlob(run.repository1, algorithm, content);
        await pushAny(run, `${full}/source`, source);
        if (isAnonymous && !run.version.mountAnonymous) {
          run.skip(`${full}/mount`, "not part of this version");
          return;
        }
        await run.check(`${full}/mount`, () => mountBlob(run, target, isAnonymous ? undefined : run.repository2));
        await readAndDelete(run, full, target);
        await run.check(`${full}/delete at the source`, () => deleteBlob(run, source));
      },
    };
  });
  const missing = `${path}/mount missing`;
  return [
    ...mounts,
    {
      name: missing,
      run: async (run) => {
        const target = pushedBlob(run.repository1, algorithm, randomBytes(SMALL));
        await run.check(missing, async () => {
          await assert.rejects(mountBlob(run, target, run.repository2), { name: "Declined" });
        });
        await readAndDelete(run, missing, target);
      },
    },
  ];
}

function cancelCase(path: string): Case {
  const name = `${path}/post cancel`;
  return {
    name,
    run: async (run) => {
      if (run.version.uploadCancel) await run.check(name, () => cancelUpload(run, run.repository1));
      else run.skip(name, "not part of this version");
    },
  };
}

const SIZE = 2048;
const RANGES: readonly { readonly range: string; readonly from: number; readonly to: number }[] = [
  { range: "500-1499", from: 500, to: 1499 },
  { range: "500-", from: 500, to: SIZE - 1 },
  { range: "-500", from: SIZE - 500, to: SIZE - 1 },
  { range: "2000-5000", from: 2000, to: SIZE - 1 },
];

function rangeCase(path: string, algorithm: Algorithm): Case {
  const name = `${path}/range requests`;
  return {
    name,
    run: async (run) => {
      const pushed = pushedBlob(run.repository1, algorithm, randomBytes(SIZE));
      await pushAny(run, name, pushed);
      for (const { range, from, to } of RANGES) {
        await run.check(`${name}/${range}`, async () => {
          const answer = await run.client.send("GET", blobPath(pushed), { headers: { range: `bytes=${range}` } });
          assert.equal(answer.status, 206);
          assert.equal(answer.header("content-length"), String(to - from + 1));
          assert.equal(answer.header("content-range"), `bytes ${from}-${to}/${SIZE}`);
          assert.ok(answer.body.equals(pushed.content.subarray(from, to + 1)), "the bytes of the range");
        });
      }
      for (const range of ["500-0", "5000-10000"]) {
        await run.check(`${name}/${range}`, async () => {
          const answer = await run.client.send("GET", blobPath(pushed), { headers: { range: `bytes=${range}` } });
          assert.equal(answer.status, 416);
        });
      }
      await run.check(`${name}/delete`, () => deleteBlob(run, pushed));
    },
  };
}

/** Contents that clients push over and over. */
function contentCases(path: string, algorithm: Algorithm): readonly Case[] {
  const contents: readonly (readonly [string, Content])[] = [
    ["empty", Buffer.alloc(0)],
    ["empty JSON", Buffer.from("{}")],
  ];
  return contents.map(([name, content]) => ({
    name: `${path}/${name}`,
    run: async (run) => {
      const pushed = pushedBlob(run.repository1, algorithm, content);
      await pushAny(run, `${path}/${name}`, pushed);
      await readAndDelete(run, `${path}/${name}`, pushed);
    },
  }));
}

function badDigestCases(path: string, algorithm: Algorithm): readonly Case[] {
  const ways: readonly (readonly [string, PushCase["push"]])[] = [
    ["post only", pushes["post only"]],
    ["post+put", pushes["post+put"]],
    ["chunked", (run, pushed) => patchChunked(run, pushed)],
    ["chunked and put chunk", (run, pushed) => patchChunked(run, pushed, { putLast: true })],
    ["stream", pushes.stream],
  ];
  return ways.map(([way, push]) => ({
    name: `${path}/bad digest ${way}`,
    run: async (run) => {
      const content = randomBytes(LARGE);
      const digest = digestOf(algorithm, content);
      const corrupted = {
        repository: run.repository1,
        digest,
        content: Buffer.concat([content, Buffer.from("oh no")]),
      };
      await run.check(`${path}/bad digest ${way}`, () => push(run, corrupted));
    },
  }));
}
