import assert from "node:assert/strict";
import { mkdir, open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../interop/process.ts";
import { type Door, EcrDoor, RegistryDoor } from "../../bench/harness/doors.ts";
import { type Image, makeImage } from "../../bench/harness/images.ts";
import { type RunningStowage, startStowage } from "../../bench/harness/stowage.ts";
import { Audit } from "./audit.ts";
import { checkDataDirectory } from "./data-directory.ts";
import { Ledger } from "./ledger.ts";
import { isAnswer } from "./pushers.ts";
import type { FaultContext, Scenario } from "./scenario.ts";

const MIB = 1024 * 1024;
const DISK_MIB = 96;
const FILLER_BYTES = 24 * MIB;
const LAYER_BYTES = 6 * MIB;
const MOST_IMAGES = 40;
const SMALL_LAYER_BYTES = 2_000;
const REPOSITORY = "full";

export const fullDisk: Scenario = {
  name: "full-disk",
  title:
    "a full disk is answered with a 5xx through both doors, loses nothing acknowledged, and passes when there is room",
  obstacle: mountObstacle,
  run: (context) => fillWithLayers(context),
};

export const fullDatabase: Scenario = {
  name: "full-disk-database",
  title: "a disk without a free byte refuses images and repositories with a 5xx, still serves pulls, and passes",
  obstacle: mountObstacle,
  run: (context) => fillToTheLastByte(context),
};

async function mountObstacle(): Promise<string | undefined> {
  return process.getuid?.() === 0 ? undefined : "it mounts a small file system, which only root may";
}

interface SmallDisk {
  readonly server: RunningStowage;
  readonly ledger: Ledger;
  readonly doors: { readonly v2: RegistryDoor; readonly ecr: EcrDoor };
  readonly disk: string;
  readonly data: string;
}

/** A server whose data lie on a file system of 96 MiB in memory, with one image in it. */
async function startOnSmallDisk({ folder, cleanups }: FaultContext): Promise<SmallDisk> {
  const disk = join(folder, "disk");
  await mkdir(disk);
  await run(["mount", "-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", disk]);
  cleanups.defer(() => run(["umount", "--lazy", disk]).then(() => undefined));
  const data = join(disk, "data");
  const server = await startStowage({ data });
  cleanups.defer(() => server.process.kill().then(() => undefined));
  await server.api.createRepository(REPOSITORY);
  const doors = { v2: new RegistryDoor(server), ecr: new EcrDoor(server.api) };
  cleanups.defer(() => doors.v2.close());
  cleanups.defer(() => doors.ecr.close());
  const ledger = new Ledger();
  ledger.repositories.add(REPOSITORY);
  await pushNoting(doors.v2, ledger, "before", makeImage([MIB]));
  return { server, ledger, doors, disk, data };
}

async function fillWithLayers(context: FaultContext): Promise<string> {
  const small = await startOnSmallDisk(context);
  const { ledger, doors, server } = small;
  const seen: string[] = [];
  for (const door of [doors.v2, doors.ecr]) {
    const filler = await fill(small.disk, FILLER_BYTES);
    const refusal = await pushUntilRefused(door, ledger);
    seen.push(`${door.name}: ${refusal}`);
    await audited(server, ledger);
    await rm(filler);
    await pushNoting(door, ledger, `after-${door.name}`, makeImage([MIB]));
    await audited(server, ledger);
  }
  await endAndCheck(small);
  return `${seen.join("; ")}; ${ledger.summary}`;
}

async function fillToTheLastByte(context: FaultContext): Promise<string> {
  const small = await startOnSmallDisk(context);
  const { ledger, doors, server, disk } = small;
  const images = { v2: makeImage([SMALL_LAYER_BYTES]), ecr: makeImage([SMALL_LAYER_BYTES]) };
  for (const image of Object.values(images)) for (const blob of image.blobs) await doors.v2.pushBlob(REPOSITORY, blob);
  const filler = await fill(disk, Number.POSITIVE_INFINITY);
  const seen: string[] = [];
  // What the database has set aside already is used up by some pushes before one is refused.
  for (const door of [doors.v2, doors.ecr]) seen.push(await tagUntilRefused(door, ledger, images[door.name]));
  const creation = await refusalOf(createUntilRefused(server));
  seen.push(`CreateRepository: ${creation.status}`);
  await audited(server, ledger);

  await server.process.kill();
  const restarted = await startOnFullDisk(small);
  seen.push(`a start without room: ${restarted}`);
  await rm(filler);
  const again = await startStowage({ data: small.data, account: server.account });
  context.cleanups.defer(() => again.process.kill().then(() => undefined));
  for (const door of [new RegistryDoor(again), new EcrDoor(again.api.another())]) {
    await pushNoting(door, ledger, `after-${door.name}`, images[door.name]);
    await door.close();
  }
  await audited(again, ledger);
  await endAndCheck({ ...small, server: again });
  return `${seen.join("; ")}; ${ledger.summary}`;
}

async function endAndCheck({ server, data }: SmallDisk): Promise<void> {
  await server.api.close();
  assert.equal((await server.process.stop()).exitCode, 0, server.process.log());
  await checkDataDirectory(data);
}

async function audited(server: RunningStowage, ledger: Ledger): Promise<void> {
  const audit = new Audit(server, ledger);
  await audit.everything();
  await audit.close();
}

async function pushNoting(door: Door, ledger: Ledger, tag: string, image: Image): Promise<void> {
  for (const blob of image.blobs) {
    await door.pushBlob(REPOSITORY, blob);
    ledger.storedBlob(REPOSITORY, blob.digest);
  }
  await tagNoting(door, ledger, tag, image);
}

async function tagNoting(door: Door, ledger: Ledger, tag: string, { manifest, blobs }: Image): Promise<void> {
  const digests = blobs.map(({ digest }) => digest);
  const acknowledged = ledger.tagging(REPOSITORY, tag, manifest, digests);
  await door.putManifest(REPOSITORY, tag, manifest);
  acknowledged();
}

async function pushUntilRefused(door: Door, ledger: Ledger): Promise<string> {
  for (let number = 0; number < MOST_IMAGES; number += 1) {
    const pushing = pushNoting(door, ledger, `${door.name}-${number}`, makeImage([LAYER_BYTES]));
    const refusal = await pushing.then(() => undefined, refused);
    if (refusal !== undefined) return `${number} images of 6 MiB, then ${refusal.status}`;
  }
  throw new Error(`${MOST_IMAGES} images of 6 MiB fit on a disk of ${DISK_MIB} MiB`);
}

async function tagUntilRefused(door: Door, ledger: Ledger, image: Image): Promise<string> {
  for (let number = 0; number < 10_000; number += 1) {
    const tagging = tagNoting(door, ledger, `${door.name}-${number}`, image);
    const refusal = await tagging.then(() => undefined, refused);
    if (refusal !== undefined) return `${door.name}: ${number} tags, then ${refusal.status}`;
  }
  throw new Error("10,000 tags fit on a full disk");
}

async function createUntilRefused(server: RunningStowage): Promise<never> {
  for (let number = 0; number < 1_000; number += 1) {
    // Nothing of it is looked at later: whether it was stored is of no matter here.
    await server.api.createRepository(`full/${number}`);
  }
  throw new Error("1,000 repositories fit on a full disk");
}

async function refusalOf(work: Promise<never>): Promise<{ readonly status: number }> {
  return work.catch(refused);
}

/** A full disk is the server's trouble, not the client's: the answer is a 5xx, which clients try again. */
function refused(error: unknown): { readonly status: number } {
  if (!isAnswer(error)) throw error;
  assert.ok(error.status >= 500, `a full disk was answered ${error.message}`);
  return error;
}

/** Writes a file of the size, or until nothing fits any more. */
async function fill(disk: string, mostBytes: number): Promise<string> {
  const path = join(disk, `filler-${process.hrtime.bigint()}`);
  const file = await open(path, "w");
  try {
    const piece = Buffer.alloc(MIB, 1);
    let written = 0;
    while (written < mostBytes) {
      const { bytesWritten } = await file.write(piece, 0, Math.min(piece.length, mostBytes - written));
      written += bytesWritten;
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    const { bavail } = await statfs(disk);
    assert.equal(bavail, 0, "the disk is not full");
  } finally {
    await file.close();
  }
  return path;
}

/** Without a free byte a server may start or may refuse to; if it refuses, it says why and leaves the data as they are. */
async function startOnFullDisk({ data, server }: SmallDisk): Promise<string> {
  try {
    const started = await startStowage({ data, account: server.account });
    await started.api.close();
    await started.process.kill();
    return "serves";
  } catch (error) {
    assert.match(String(error), /full|space|ENOSPC/i, "a start on a full disk does not say what is wrong");
    return "refuses and says why";
  }
}
