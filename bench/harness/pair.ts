import { join } from "node:path";
import type { BenchContext } from "./case.ts";
import { PEER_NAME, type RunningRegistry, startDistribution } from "./distribution.ts";
import { type RunningStowage, startStowage } from "./stowage.ts";

/** The repository that cases push to; Docker's registry makes it by itself. */
export const REPOSITORY = "bench/app";

export interface Contestant {
  readonly who: string;
  readonly registry: RunningRegistry;
}

/** Starts Stowage and Docker's registry on folders of the same file system, and ends both with the case. */
export async function startBoth(context: BenchContext): Promise<Contestant[]> {
  const stowage = await startSubject(context);
  const peer = await startDistribution({ folder: join(context.folder, "distribution") });
  context.cleanups.defer(() => peer.process.stop().then(() => undefined));
  return [
    { who: "Stowage", registry: stowage },
    { who: PEER_NAME, registry: peer },
  ];
}

export async function startSubject({ folder, cleanups }: BenchContext): Promise<RunningStowage> {
  const stowage = await startStowage({ data: join(folder, "stowage") });
  cleanups.defer(() => stowage.process.stop().then(() => undefined));
  cleanups.defer(() => stowage.api.close());
  await stowage.api.createRepository(REPOSITORY);
  return stowage;
}
