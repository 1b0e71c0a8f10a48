import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RegistryDoor } from "../../bench/harness/doors.ts";
import { contentOf } from "../../bench/harness/images.ts";
import { startStowage } from "../../bench/harness/stowage.ts";
import { exchange } from "../../bench/harness/wire.ts";
import type { FaultContext, Scenario } from "./scenario.ts";

const MIB = 1024 * 1024;
const REPOSITORY = "stopping";
const POLL_MS = 20;

export const stopping: Scenario = {
  name: "stop-during-push",
  title: "SIGTERM during a push lets the request in flight end, takes no more connections, and exits 0",
  run,
};

async function run({ folder, cleanups }: FaultContext): Promise<string> {
  const data = join(folder, "data");
  const stowage = await startStowage({ data });
  cleanups.defer(() => stowage.process.kill().then(() => undefined));
  cleanups.defer(() => stowage.api.close());
  await stowage.api.createRepository(REPOSITORY);
  const door = new RegistryDoor(stowage);
  const content = contentOf(randomBytes(8 * MIB));
  const place = await door.beginUpload(REPOSITORY);
  await door.close();
  await stowage.api.close();

  const half = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield content.bytes.subarray(0, 4 * MIB);
    half.resolve();
    await goOn.promise;
    yield content.bytes.subarray(4 * MIB);
  }
  const patched = exchange({
    origin: stowage.origin,
    method: "PATCH",
    target: place,
    headers: { authorization: stowage.authorization },
    body: { lengthBytes: content.bytes.length, pieces: pieces() },
  });
  await half.promise;
  stowage.process.signal("SIGTERM");
  while (await accepts(stowage.origin)) await delay(POLL_MS);
  assert.ok(stowage.process.running, "the server did not wait for the request in flight");
  goOn.resolve();
  const answer = await patched;
  assert.equal(answer.status, 202, answer.beginning);
  assert.deepEqual(await stowage.process.ended(), { exitCode: 0, signal: null }, stowage.process.log());

  const again = await startStowage({ data, account: stowage.account });
  cleanups.defer(() => again.process.kill().then(() => undefined));
  cleanups.defer(() => again.api.close());
  const doorAgain = new RegistryDoor(again);
  cleanups.defer(() => doorAgain.close());
  await doorAgain.finishUpload(place, content.digest);
  assert.ok((await doorAgain.pullBlob(REPOSITORY, content.digest)).equals(content.bytes));
  return "8 MiB, of which half came after the signal; the upload was completed after a restart";
}

async function accepts(origin: string): Promise<boolean> {
  const { hostname, port } = new URL(origin);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: hostname, port: Number(port) }, () => resolve(true));
  socket.once("error", () => resolve(false));
  const accepted = await promise;
  socket.destroy();
  return accepted;
}
