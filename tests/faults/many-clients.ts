import assert from "node:assert/strict";
import { join } from "node:path";
import { runClient } from "../../bench/harness/clients.ts";
import { EcrDoor, RegistryDoor } from "../../bench/harness/doors.ts";
import { startStowage } from "../../bench/harness/stowage.ts";
import { checkDataDirectory } from "./data-directory.ts";
import type { FaultContext, Scenario } from "./scenario.ts";

const CLIENTS = 50;
const REPOSITORIES = 5;

export const manyClients: Scenario = {
  name: "many-clients",
  title: "50 clients that push and pull at once through both doors see no error and get their own bytes",
  run,
};

async function run({ folder, full, cleanups }: FaultContext): Promise<string> {
  const images = full ? 40 : 4;
  const data = join(folder, "data");
  const stowage = await startStowage({ data });
  cleanups.defer(() => stowage.process.kill().then(() => undefined));
  cleanups.defer(() => stowage.api.close());
  for (let number = 0; number < REPOSITORIES; number += 1) await stowage.api.createRepository(`many/${number}`);
  const outcomes = await Promise.all(
    Array.from({ length: CLIENTS }, (_, client) => {
      const door = client % 2 === 0 ? new RegistryDoor(stowage, 1) : new EcrDoor(stowage.api.another());
      return runClient(door, { repository: `many/${client % REPOSITORIES}`, prefix: `c${client}`, images });
    }),
  );
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  assert.deepEqual(failures, []);
  await stowage.api.close();
  assert.equal((await stowage.process.stop()).exitCode, 0, stowage.process.log());
  return `${CLIENTS * images} images; ${await checkDataDirectory(data)}`;
}
