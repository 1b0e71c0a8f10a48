import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { runClient } from "../harness/clients.ts";
import { type Door, EcrDoor, RegistryDoor } from "../harness/doors.ts";
import { measure, type Measured, type Row, takeTurns } from "../harness/measure.ts";
import { REPOSITORY, startBoth } from "../harness/pair.ts";
import { memoryUse } from "../harness/proc.ts";
import type { RunningStowage } from "../harness/stowage.ts";
import type { RunningRegistry } from "../harness/distribution.ts";

const CLIENTS = 50;
const MIB = 1024 * 1024;

export const concurrency: BenchCase = {
  name: "concurrency",
  title: `${CLIENTS} clients pushing and pulling at once`,
  run: runCase,
};

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const contestants = await startBoth(context);
  const images = context.full ? 20 : 6;
  const failures: string[] = [];
  let round = 0;

  const load = (registry: RunningRegistry, doorOf: (client: number) => Door): Promise<Measured> =>
    measure(registry.process.pid, async () => {
      round += 1;
      const startedMs = performance.now();
      const outcomes = await Promise.all(
        Array.from({ length: CLIENTS }, (_, client) =>
          runClient(doorOf(client), { repository: REPOSITORY, prefix: `r${round}-c${client}`, images }),
        ),
      );
      failures.push(...outcomes.flatMap((outcome) => outcome.failures));
      const done = outcomes.reduce((sum, outcome) => sum + outcome.images, 0);
      return done / ((performance.now() - startedMs) / 1000);
    });

  const [subject, compared] = await takeTurns(
    contestants.map(({ who, registry }) => ({ who, run: () => load(registry, () => new RegistryDoor(registry, 1)) })),
    context.rounds,
  );
  const peerFailures = failures.length;
  const [stowage] = contestants;
  if (subject === undefined || compared === undefined || stowage === undefined) throw new Error("nothing was measured");
  const { api, ...registry } = stowage.registry as RunningStowage;
  const mixed = (client: number): Door =>
    client % 2 === 0 ? new RegistryDoor(registry, 1) : new EcrDoor(api.another());
  const [both] = await takeTurns([{ who: "Stowage", run: () => load(registry, mixed) }], context.rounds);
  if (both === undefined) throw new Error("nothing was measured");
  const { peakBytes } = memoryUse(registry.process.pid);
  const row = { unit: "images/s", better: "more" } as const;
  const failed: Row = {
    what: "failures, all runs",
    unit: "requests",
    better: "less",
    subject: { who: "Stowage", runs: [{ value: failures.length, loadCpuSeconds: 0 }] },
    target: { of: "value", atMost: 0 },
  };
  return {
    rows: [
      { ...row, what: "pushed and pulled, all through /v2/", subject, compared },
      { ...row, what: "the same, half through ECR's API", subject: both },
      failed,
    ],
    notes: [
      `Each client pushes ${images} images of three layers (64 KiB, 64 KiB, 1 MiB) and a config, pulls each back by its tag, and ` +
        "compares every digest. It has one connection.",
      `The most memory that Stowage's process had at any moment: ${(peakBytes / MIB).toFixed(0)} MiB.`,
      ...(failures.length === 0 ? [] : [`${peerFailures} failures in the runs with a peer; the first: ${failures[0]}`]),
    ],
  };
}
