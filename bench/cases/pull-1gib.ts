import { createHash } from "node:crypto";
import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { LargeBlob } from "../harness/content.ts";
import type { RunningRegistry } from "../harness/distribution.ts";
import { measure, secondsOf, takeTurns } from "../harness/measure.ts";
import { REPOSITORY, startBoth } from "../harness/pair.ts";
import { push } from "../harness/transfer.ts";
import { exchange, expectStatus } from "../harness/wire.ts";

const SIZE_BYTES = 1024 ** 3;
const PULLS_AT_ONCE = 4;

export const pull1Gib: BenchCase = {
  name: "pull-1gib",
  title: "Pull of a blob of 1 GiB through /v2/",
  run: runCase,
};

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const contenders = await startBoth(context);
  const blob = new LargeBlob(SIZE_BYTES);
  for (const { registry } of contenders) {
    const body = { lengthBytes: blob.bytes.length, pieces: () => blob.pieces(), digest: () => blob.digest };
    await push(registry, REPOSITORY, body);
    await checkPull(registry, blob.digest); // which also leaves the file in the page cache, for both alike
  }
  const timed = (pullsAtOnce: number): ReturnType<typeof takeTurns> =>
    takeTurns(
      contenders.map(({ who, registry }) => ({
        who,
        run: () => measure(registry.process.pid, () => secondsOf(() => pulls(registry, blob.digest, pullsAtOnce))),
      })),
      context.rounds,
    );
  const [one, peerOne] = await timed(1);
  const [four, peerFour] = await timed(PULLS_AT_ONCE);
  if (one === undefined || four === undefined) throw new Error("nothing was measured");
  return {
    rows: [
      {
        what: "pull 1 GiB",
        unit: "s",
        better: "less",
        subject: one,
        ...(peerOne === undefined ? {} : { compared: peerOne }),
        target: { of: "ratio", atLeast: 1 },
      },
      {
        what: `${PULLS_AT_ONCE} pulls of 1 GiB at once`,
        unit: "s",
        better: "less",
        subject: four,
        ...(peerFour === undefined ? {} : { compared: peerFour }),
      },
    ],
    notes: [
      "Warm page cache, loopback, no TLS. Stowage checks a registry token on each pull, the peer checks nothing.",
      "The client reads into one reused buffer of 1 MiB; the digest of the whole blob was checked once before.",
    ],
  };
}

async function pulls(registry: RunningRegistry, digest: string, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => pull(registry, digest)));
}

async function pull(registry: RunningRegistry, digest: string, sink?: (piece: Uint8Array) => void): Promise<void> {
  const target = `/v2/${REPOSITORY}/blobs/${digest}`;
  const answer = await exchange({
    origin: registry.origin,
    method: "GET",
    target,
    headers: registry.authorization === undefined ? {} : { authorization: registry.authorization },
    ...(sink === undefined ? {} : { sink }),
  });
  expectStatus(answer, 200, `GET ${target}`);
  if (answer.bodyBytes !== SIZE_BYTES) throw new Error(`GET ${target} brought ${answer.bodyBytes} bytes`);
}

async function checkPull(registry: RunningRegistry, digest: string): Promise<void> {
  const hash = createHash("sha256");
  await pull(registry, digest, (piece) => hash.update(piece));
  const found = `sha256:${hash.digest("hex")}`;
  if (found !== digest) throw new Error(`${registry.origin} answered bytes of the digest ${found}`);
}
