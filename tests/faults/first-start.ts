import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startProcess } from "../../bench/harness/server-process.ts";
import { CHECKOUT, LAUNCHER, startStowage } from "../../bench/harness/stowage.ts";
import { inherited } from "../../bench/harness/tools.ts";
import { makeImage } from "../../bench/harness/images.ts";
import { pushImage, RegistryDoor } from "../../bench/harness/doors.ts";
import { checkDataDirectory } from "./data-directory.ts";
import type { FaultContext, Scenario } from "./scenario.ts";

const SHORT_STARTS = 8;
const FULL_STARTS = 60;
const MOST_DELAY_MS = 1_200;
const KILLS_OF_ONE_START = 3;

export const firstStart: Scenario = {
  name: "kill-first-start",
  title: "kill -9 while a server makes its data directory leaves one that the next start completes",
  run,
};

async function run({ folder, full, random, cleanups }: FaultContext): Promise<string> {
  const starts = full ? FULL_STARTS : SHORT_STARTS;
  let unfinished = 0;
  for (let start = 0; start < starts; start += 1) {
    const data = join(folder, `data-${start}`);
    for (let kill = 0; kill < KILLS_OF_ONE_START; kill += 1) {
      const command = [process.execPath, LAUNCHER, "serve", "--data", data, "--listen", "127.0.0.1:0"];
      const server = startProcess({ command, cwd: CHECKOUT, env: inherited() });
      cleanups.defer(() => server.kill().then(() => undefined));
      await delay(random.integer(100, MOST_DELAY_MS));
      assert.ok(server.running, `a start ended by itself\n${server.log()}`);
      if (!server.log().includes("Listening on")) unfinished += 1;
      await server.kill();
    }
    const server = await startStowage({ data });
    cleanups.defer(() => server.process.kill().then(() => undefined));
    await server.api.createRepository("first");
    const door = new RegistryDoor(server);
    await pushImage(door, "first", "v1", makeImage([1_000]));
    await door.close();
    await server.api.close();
    assert.equal((await server.process.stop()).exitCode, 0, server.process.log());
    await checkDataDirectory(data);
  }
  return `${starts} data directories, ${starts * KILLS_OF_ONE_START} kills, ${unfinished} of them before the server listened`;
}
