import { run } from "../../tests/interop/process.ts";
import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { LargeBlob } from "../harness/content.ts";
import { measure, secondsOf, takeTurns } from "../harness/measure.ts";
import { REPOSITORY, startBoth } from "../harness/pair.ts";
import { touchMemory } from "../harness/touch-memory.ts";
import { push, type UploadedBlob } from "../harness/transfer.ts";

const MIB = 1024 ** 2;
const SIZE_BYTES = 1024 * MIB;
const SYNC_TIMEOUT_MS = 120_000;

export const push1Gib: BenchCase = {
  name: "push-1gib",
  title: "Durable push of a fresh blob of 1 GiB through /v2/",
  run: runCase,
};

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const contenders = await startBoth(context);
  const blob = new LargeBlob(SIZE_BYTES);
  for (const { registry } of contenders)
    await push(registry, REPOSITORY, { ...bodyOf(blob), digest: () => blob.digest });
  let round = -1;
  const [subject, compared] = await takeTurns(
    contenders.map(({ who, registry }) => ({
      who,
      run: async (at) => {
        if (at !== round) blob.renew(); // both get the same bytes, which neither has seen
        round = at;
        const { digest } = blob;
        await run(["sync"], { timeoutMs: SYNC_TIMEOUT_MS }); // what earlier runs wrote is not this one's to wait for
        await touchMemory(context.folder, SIZE_BYTES);
        const body = { ...bodyOf(blob), digest: () => digest };
        return measure(registry.process.pid, () => secondsOf(() => push(registry, REPOSITORY, body)));
      },
    })),
    context.rounds,
  );
  if (subject === undefined || compared === undefined) throw new Error("nothing was measured");
  return {
    rows: [
      {
        what: "push 1 GiB, durable",
        unit: "s",
        better: "less",
        subject,
        compared,
        target: { of: "ratio", atLeast: 0.8 },
      },
    ],
    notes: [
      "Before each run a file of the blob's size is written and removed, so that the page cache which the push fills is memory " +
        "that the machine has used before: on a virtual machine the first use of a page costs more than writing to it.",
      "From the POST to the 201 of the PUT: one PATCH with 1 GiB of random bytes that neither server has seen, then PUT with " +
        "the digest. The client knows the digest before. One push to each server comes before those that count.",
      "Both are durable for the bytes: by strace, distribution v3.1.2 calls fsync on the blob's file at the end of the PATCH and " +
        "again at the PUT, and on its link files and their folders. It does not flush the folder into which it moves the blob; " +
        "Stowage does, and flushes its database.",
    ],
  };
}

function bodyOf(blob: LargeBlob): Omit<UploadedBlob, "digest"> {
  return { lengthBytes: blob.bytes.length, pieces: () => blob.pieces() };
}
