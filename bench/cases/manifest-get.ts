import { join } from "node:path";
import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { type RunningRegistry, startDistribution } from "../harness/distribution.ts";
import { pushImage, RegistryDoor } from "../harness/doors.ts";
import { makeImage, MANIFEST_TYPE } from "../harness/images.ts";
import { measure, takeTurns } from "../harness/measure.ts";
import { REPOSITORY, startBoth } from "../harness/pair.ts";
import { wrk } from "../harness/wrk.ts";

const CONNECTIONS = 16;
const TAG = "v1";

export const manifestGet: BenchCase = {
  name: "manifest-get",
  title: `GET of a manifest by tag, ${CONNECTIONS} connections`,
  run: runCase,
};

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const contestants = await startBoth(context);
  const withPassword = await startDistribution({ folder: join(context.folder, "password"), withPassword: true });
  context.cleanups.defer(() => withPassword.process.stop().then(() => undefined));
  contestants.push({ who: "the same with htpasswd", registry: withPassword });

  const image = makeImage([4_096, 4_096, 4_096, 4_096, 4_096]);
  for (const { registry } of contestants) {
    const door = new RegistryDoor(registry);
    await pushImage(door, REPOSITORY, TAG, image);
    const found = await door.pullManifest(REPOSITORY, TAG);
    if (!found.equals(image.manifest.bytes)) throw new Error(`${registry.origin} answers another manifest`);
    await door.close();
    await load(registry, 2);
  }
  const seconds = context.full ? 10 : 5;
  const [subject, open, checked] = await takeTurns(
    contestants.map(({ who, registry }) => ({
      who,
      run: () => measure(registry.process.pid, () => load(registry, seconds)),
    })),
    context.rounds,
  );
  if (subject === undefined || open === undefined || checked === undefined) throw new Error("nothing was measured");
  const row = { what: "manifest GET by tag", unit: "requests/s", better: "more", subject } as const;
  return {
    rows: [
      { ...row, compared: open, target: { of: "ratio", atLeast: 2 } },
      { ...row, compared: checked },
    ],
    notes: [
      `wrk with one thread for ${seconds} s a run; CPU seconds are for all requests of a run. A manifest of ` +
        `${image.manifest.bytes.length} bytes.`,
      "Stowage checks the registry token and the caller's rights on each request. The peer is measured without any check, its " +
        "default, and with its password file of the fewest bcrypt rounds.",
    ],
  };
}

function load(registry: RunningRegistry, seconds: number): Promise<number> {
  const { origin, authorization } = registry;
  return wrk({
    url: `${origin}/v2/${REPOSITORY}/manifests/${TAG}`,
    connections: CONNECTIONS,
    seconds,
    headers: { accept: MANIFEST_TYPE, ...(authorization === undefined ? {} : { authorization }) },
  });
}
