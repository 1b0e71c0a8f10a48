import { join } from "node:path";
import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { PEER_NAME, startDistribution } from "../harness/distribution.ts";
import { pushImage, RegistryDoor } from "../harness/doors.ts";
import { makeImage } from "../harness/images.ts";
import type { Measured, Series } from "../harness/measure.ts";
import { cpuSeconds, memoryUse } from "../harness/proc.ts";
import { LARGE_REPOSITORY } from "../harness/seed.ts";
import { startStowage } from "../harness/stowage.ts";

const MIB = 1024 * 1024;
const REPOSITORY = "restarted";
const PUSHERS = 4;
const PUSHES_BEFORE_KILL = 25;

export const restart: BenchCase = {
  name: "restart",
  title: "Restart over 1,001,000 images",
  run: runCase,
};

interface Starts {
  readonly seconds: Series;
  readonly memory: Series;
}

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const { data } = await context.seeded();
  const first = await startStowage({ data });
  await first.api.createRepository(REPOSITORY);
  await first.api.close();
  await first.process.stop();

  const afterStop = await starts(context, data, "stop");
  const afterKill = await starts(context, data, "kill");
  const peer = await peerStarts(context);
  const row = { better: "less", compared: peer.seconds } as const;
  const target = { of: "value", atMost: 1 } as const;
  return {
    rows: [
      { ...row, what: "start after SIGTERM", unit: "s", subject: afterStop.seconds, target },
      { ...row, what: "start after kill -9 during pushes", unit: "s", subject: afterKill.seconds, target },
      { ...row, what: "memory when ready", unit: "MiB", subject: afterStop.memory, compared: peer.memory },
    ],
    notes: [
      `From the start of the process to the line that says it listens. ${LARGE_REPOSITORY.images.toLocaleString("en-US")} ` +
        "images are ten times what the issue names. The peer keeps no index, and starts over an empty folder.",
    ],
  };
}

/** Starts a server, lets clients push, ends it in the given way while they do, and measures the next start. */
async function starts(context: BenchContext, data: string, how: "stop" | "kill"): Promise<Starts> {
  const seconds: Measured[] = [];
  const memory: Measured[] = [];
  for (let round = 0; round <= context.rounds; round += 1) {
    const server = await startStowage({ data });
    const { pid } = server.process;
    if (round > 0) {
      const serverCpuSeconds = cpuSeconds(pid);
      seconds.push({ value: server.readyAfterMs / 1000, serverCpuSeconds, loadCpuSeconds: 0 });
      memory.push({ value: memoryUse(pid).residentBytes / MIB, loadCpuSeconds: 0 });
    }
    const doors = Array.from({ length: PUSHERS }, () => new RegistryDoor(server));
    const enough = Promise.withResolvers<void>();
    let pushed = 0;
    const pushing = doors.map(async (door) => {
      for (;;) {
        const image = makeImage([20_000]);
        await pushImage(door, REPOSITORY, image.manifest.digest.slice(-12), image);
        pushed += 1;
        if (pushed === PUSHES_BEFORE_KILL) enough.resolve();
      }
    });
    const ended = Promise.allSettled(pushing); // each ends with the server
    await Promise.race([enough.promise, Promise.all(pushing)]);
    await (how === "kill" ? server.process.kill() : server.process.stop());
    await ended;
    await Promise.all(doors.map((door) => door.close()));
    await server.api.close();
  }
  return { seconds: { who: "Stowage", runs: seconds }, memory: { who: "Stowage", runs: memory } };
}

async function peerStarts(context: BenchContext): Promise<Starts> {
  const seconds: Measured[] = [];
  const memory: Measured[] = [];
  for (let round = 0; round < context.rounds; round += 1) {
    const peer = await startDistribution({ folder: join(context.folder, `peer-${round}`) });
    const value = (performance.now() - peer.process.startedAtMs) / 1000;
    seconds.push({ value, serverCpuSeconds: cpuSeconds(peer.process.pid), loadCpuSeconds: 0 });
    memory.push({ value: memoryUse(peer.process.pid).residentBytes / MIB, loadCpuSeconds: 0 });
    await peer.process.stop();
  }
  return { seconds: { who: PEER_NAME, runs: seconds }, memory: { who: PEER_NAME, runs: memory } };
}
