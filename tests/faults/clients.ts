import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EcrDoor, pushImage, RegistryDoor } from "../../bench/harness/doors.ts";
import { contentOf, makeImage } from "../../bench/harness/images.ts";
import { memoryUse, openFileCount } from "../../bench/harness/proc.ts";
import { type RunningStowage, startStowage } from "../../bench/harness/stowage.ts";
import { exchange } from "../../bench/harness/wire.ts";
import { sha256 } from "../../bench/harness/content.ts";
import type { FaultContext, Scenario } from "./scenario.ts";

const MIB = 1024 * 1024;
const REPOSITORY = "clients";
const VANISHING = 300;
const READERS = 64;
const DRIPPING = 100;
const BLOB_BYTES = 64 * MIB;
const SETTLE_TIMEOUT_MS = 20_000;
const POLL_MS = 50;
/** Files that come and go by themselves: a checkpoint's, a worker's. */
const FILES_OF_ITS_OWN = 8;
/** What 64 slow readers may hold together. */
const SLOW_READERS_BYTES = 200 * MIB;
/** The server's own limit for headers is 20 s. */
const HEADERS_TIMEOUT_MS = 30_000;

export const vanishingClients: Scenario = {
  name: "vanishing-clients",
  title: "clients that vanish in uploads and downloads leave no open files, and their uploads can go on",
  run: vanish,
};

export const slowClients: Scenario = {
  name: "slow-clients",
  title: "clients that read or write too slowly hold bounded memory, keep nobody waiting, and are cut off",
  run: beSlow,
};

interface Started {
  readonly stowage: RunningStowage;
  readonly door: RegistryDoor;
}

async function start({ folder, cleanups }: FaultContext): Promise<Started> {
  const stowage = await startStowage({ data: join(folder, "data") });
  cleanups.defer(() => stowage.process.kill().then(() => undefined));
  cleanups.defer(() => stowage.api.close());
  await stowage.api.createRepository(REPOSITORY);
  const door = new RegistryDoor(stowage);
  cleanups.defer(() => door.close());
  return { stowage, door };
}

async function vanish(context: FaultContext): Promise<string> {
  const { stowage, door } = await start(context);
  const { pid } = stowage.process;
  const blob = contentOf(randomBytes(BLOB_BYTES));
  await door.pushBlob(REPOSITORY, blob);
  const part = randomBytes(MIB);

  // A bounded number of uploads stays open at hand; the first wave reaches that bound, the second must not pass it.
  const uploads = await vanishingUploads(stowage, door, part);
  const afterFirst = await settledFiles(pid);
  await vanishingUploads(stowage, door, part);
  await expectFiles(pid, afterFirst, "uploads");

  await vanishingRequests(stowage, (socket) => {
    socket.write(head("GET", `/v2/${REPOSITORY}/blobs/${blob.digest}`, stowage));
  });
  await expectFiles(pid, afterFirst, "downloads");

  const body = JSON.stringify({ repositoryName: REPOSITORY, layerPartBlob: "A".repeat(8 * MIB) });
  const signed = stowage.api.signedHeaders("UploadLayerPart", body);
  await vanishingRequests(stowage, (socket) => {
    const lines = Object.entries({ ...signed, "content-length": String(body.length) });
    socket.write(`POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
    socket.write(body.slice(0, MIB));
  });
  await expectFiles(pid, afterFirst, "API calls");

  const resumed = await resume(door, uploads[0] ?? "", part);
  const ecr = new EcrDoor(stowage.api.another());
  await pushImage(ecr, REPOSITORY, "after", makeImage([12 * MIB]));
  await ecr.close();
  assert.equal(sha256(await door.pullBlob(REPOSITORY, blob.digest)), blob.digest);
  return (
    `${2 * VANISHING} uploads, ${VANISHING} downloads and ${VANISHING} API calls cut off; ${afterFirst} open files after the first ` +
    `${VANISHING} and ${openFileCount(pid)} at the end; an upload went on behind its ${resumed} bytes`
  );
}

/** Sends half of what each upload announces, and ends the connection. @returns where the uploads go on */
async function vanishingUploads(stowage: RunningStowage, door: RegistryDoor, part: Buffer): Promise<string[]> {
  const places: string[] = [];
  for (let number = 0; number < VANISHING; number += 1) places.push(await door.beginUpload(REPOSITORY));
  let at = 0;
  await vanishingRequests(stowage, (socket) => {
    const place = places[at] ?? "";
    at += 1;
    socket.write(head("PATCH", place, stowage, [`content-length: ${2 * part.length}`]));
    socket.write(part);
  });
  return places;
}

function head(
  method: string,
  target: string,
  { origin, authorization }: RunningStowage,
  more: readonly string[] = [],
): string {
  const lines = [`host: ${new URL(origin).host}`, `authorization: ${authorization}`, ...more];
  return `${method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** Begins many requests, some at a time, and ends their connections in the middle, with a reset. */
async function vanishingRequests(stowage: RunningStowage, begin: (socket: Socket) => void): Promise<void> {
  const AT_ONCE = 20;
  for (let first = 0; first < VANISHING; first += AT_ONCE) {
    const sockets = await Promise.all(Array.from({ length: AT_ONCE }, () => connected(stowage)));
    for (const socket of sockets) {
      begin(socket);
      socket.once("data", () => socket.pause()); // the first bytes of a download are read, and no more
    }
    await delay(POLL_MS);
    for (const socket of sockets) socket.resetAndDestroy();
  }
}

async function connected({ origin }: RunningStowage): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host: hostname, port: Number(port) }, resolve);
  socket.once("error", reject);
  await promise;
  socket.on("error", () => undefined); // the server may end it first
  return socket;
}

/** @returns the number of open files, once it has stayed the same for a second */
async function settledFiles(pid: number): Promise<number> {
  let seen = openFileCount(pid);
  for (let unchanged = 0; unchanged < 20; unchanged += 1) {
    await delay(POLL_MS);
    const now = openFileCount(pid);
    if (now !== seen) unchanged = 0;
    seen = now;
  }
  return seen;
}

async function expectFiles(pid: number, atMost: number, what: string): Promise<void> {
  const deadlineMs = performance.now() + SETTLE_TIMEOUT_MS;
  while (openFileCount(pid) > atMost + FILES_OF_ITS_OWN) {
    assert.ok(
      performance.now() < deadlineMs,
      `${openFileCount(pid)} files are open after ${what} were cut off, of ${atMost} before`,
    );
    await delay(POLL_MS);
  }
}

/** Goes on with an upload that broke off. @returns how many bytes were kept of it */
async function resume(door: RegistryDoor, place: string, part: Buffer): Promise<number> {
  const { headers } = await door.expect(204, place, { method: "GET" });
  const kept = Number(String(headers["range"]).split("-")[1]) + 1;
  assert.ok(kept <= part.length, `an upload holds ${kept} bytes of ${part.length} sent`);
  const whole = contentOf(Buffer.concat([part.subarray(0, kept), randomBytes(1_000)]));
  await door.finishUpload(place, whole.digest, whole.bytes.subarray(kept));
  assert.ok((await door.pullBlob(REPOSITORY, whole.digest)).equals(whole.bytes));
  return kept;
}

async function beSlow(context: FaultContext): Promise<string> {
  const { stowage, door } = await start(context);
  const { pid } = stowage.process;
  const blob = contentOf(randomBytes(BLOB_BYTES));
  await door.pushBlob(REPOSITORY, blob);
  const image = makeImage([1_000]);
  await pushImage(door, REPOSITORY, "v1", image);

  const before = memoryUse(pid).residentBytes;
  const readers = await Promise.all(Array.from({ length: READERS }, () => slowReader(stowage, blob.digest)));
  const dripping = await Promise.all(Array.from({ length: DRIPPING }, () => drip(stowage)));
  const manifest = await door.pullManifest(REPOSITORY, "v1");
  assert.ok(manifest.equals(image.manifest.bytes));
  const held = memoryUse(pid).residentBytes - before;
  assert.ok(held < SLOW_READERS_BYTES, `${READERS} slow readers hold ${(held / MIB).toFixed(0)} MiB`);

  let hashed = "";
  const { status } = await exchange({
    origin: stowage.origin,
    method: "GET",
    target: `/v2/${REPOSITORY}/blobs/${blob.digest}`,
    headers: { authorization: stowage.authorization },
    ...hashing((digest) => (hashed = digest), BLOB_BYTES),
  });
  assert.equal(status, 200);
  assert.equal(hashed, blob.digest, "a quick reader among slow ones got other bytes");

  const [first] = readers;
  assert.ok(first);
  assert.equal(await first.finish(), BLOB_BYTES, "a slow reader that goes on did not get everything");
  const cut = await Promise.all(dripping.map((connection) => connection.ended));
  for (const reader of readers) reader.socket.destroy();
  return (
    `${READERS} slow readers of 64 MiB held ${(held / MIB).toFixed(0)} MiB; ${cut.length} clients that sent headers byte by byte ` +
    `were cut off after ${(Math.max(...cut) / 1000).toFixed(1)} s at the most`
  );
}

function hashing(done: (digest: string) => void, sizeBytes: number): { readonly sink: (piece: Uint8Array) => void } {
  const pieces: Uint8Array[] = [];
  let received = 0;
  return {
    sink(piece) {
      pieces.push(Uint8Array.from(piece));
      received += piece.length;
      if (received === sizeBytes) done(sha256(Buffer.concat(pieces)));
    },
  };
}

interface SlowReader {
  readonly socket: Socket;
  /** Reads what is left. @returns the bytes of the body */
  finish(): Promise<number>;
}

/** Asks for a blob and reads nothing but the first chunk of the answer. */
async function slowReader(stowage: RunningStowage, digest: string): Promise<SlowReader> {
  const socket = await connected(stowage);
  let bodyBytes = 0;
  let isBody = false;
  const began = Promise.withResolvers<void>();
  const whole = Promise.withResolvers<number>();
  socket.on("data", (chunk: Buffer) => {
    if (isBody) bodyBytes += chunk.length;
    else {
      isBody = true; // the answer's head is in its first chunk
      bodyBytes += chunk.length - (chunk.indexOf("\r\n\r\n") + 4);
      socket.pause();
      began.resolve();
    }
    if (bodyBytes >= BLOB_BYTES) whole.resolve(bodyBytes);
  });
  socket.once("close", () => whole.resolve(bodyBytes));
  socket.write(head("GET", `/v2/${REPOSITORY}/blobs/${digest}`, stowage));
  await began.promise;
  return {
    socket,
    finish() {
      socket.resume();
      return whole.promise;
    },
  };
}

/** Sends the head of a request one byte at a time. `ended` resolves with the milliseconds until the server had enough. */
async function drip(stowage: RunningStowage): Promise<{ readonly ended: Promise<number> }> {
  const socket = await connected(stowage);
  const startedMs = performance.now();
  const text = head("GET", `/v2/${REPOSITORY}/tags/list`, stowage);
  let at = 0;
  const timer = setInterval(() => {
    // Never to its end, which would make it a request.
    if (at < text.length - 4) socket.write(text.charAt(at));
    at += 1;
  }, 200);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const late = setTimeout(() => reject(new Error("a request without end was never cut off")), HEADERS_TIMEOUT_MS);
  socket.on("data", () => undefined);
  socket.once("close", () => {
    clearInterval(timer);
    clearTimeout(late);
    resolve(performance.now() - startedMs);
  });
  promise.catch(() => socket.destroy());
  return { ended: promise };
}
