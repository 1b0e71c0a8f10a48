import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle } from "../../tests/client/runtimes/bundle.ts";
import { run } from "../../tests/interop/process.ts";
import { installTools } from "../../tests/interop/tools.ts";
import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { type Content, type Image, makeImageOf, contentOf, MANIFEST_TYPE } from "../harness/images.ts";
import { measure, type Measured, secondsOf, takeTurns } from "../harness/measure.ts";
import { REPOSITORY, startSubject } from "../harness/pair.ts";
import { type RunningStowage, startStowage } from "../harness/stowage.ts";
import { inherited } from "../harness/tools.ts";
import { touchMemory } from "../harness/touch-memory.ts";
import { push } from "../harness/transfer.ts";
import { exchange, expectStatus } from "../harness/wire.ts";

const MIB = 1024 ** 2;
const LAYERS = 4;
const LAYER_BYTES = 256 * MIB;
const TAG = "large";
const TIMEOUT_MS = 300_000;
/** More than elsewhere: the contenders are close to each other, and every run is short. */
const ROUNDS = 6;

export const copy1Gib: BenchCase = {
  name: "copy-1gib",
  title: "Copy of an image of 1 GiB between two registries",
  run: runCase,
};

/** Copies the image from one registry to another, in a process of its own. */
type Copy = (from: RunningStowage, to: RunningStowage) => Promise<void>;

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const source = await startSubject(context);
  await pushImage(source, makeImageOf(Array.from({ length: LAYERS }, makeLayer)));
  const installed = await installTools(["crane", "skopeo"]);
  const [crane, skopeo] = [installed.get("crane"), installed.get("skopeo")];
  if (crane === undefined || skopeo === undefined) throw new Error("crane and skopeo could not be installed");
  const contenders: readonly (readonly [string, Copy])[] = [
    ["Stowage's client", await copyWithClient(context)],
    [`crane ${crane.version}`, copyWithCrane(context, crane.path)],
    [`skopeo ${skopeo.version}`, copyWithSkopeo(context, skopeo.path)],
  ];
  let runs = 0;
  const run = (copy: Copy): Promise<Measured> =>
    timed(context, { source, copy, folder: join(context.folder, `target-${(runs += 1)}`) });
  for (const [, copy] of contenders) await run(copy);
  const [subject, ...others] = await takeTurns(
    contenders.map(([who, copy]) => ({ who, run: () => run(copy) })),
    ROUNDS,
  );
  if (subject === undefined) throw new Error("nothing was measured");
  return {
    rows: others.map((compared) => ({
      what: "copy 1 GiB",
      unit: "s",
      better: "less",
      subject,
      compared,
      target: { of: "ratio", atLeast: 1 },
    })),
    notes: [
      `An image of ${LAYERS} layers of ${LAYER_BYTES / MIB} MiB of random bytes, from one Stowage to another that is new for each ` +
        "run, on loopback, without TLS. Each contender is a process of its own, whose start counts. " +
        `${ROUNDS} rounds after one that does not count; before each run memory is touched as for the push.`,
      "All verify what they copy. The CPU of a server is the target's.",
    ],
  };
}

/** In the form of gzip, since skopeo compresses what is not. */
function makeLayer(): Content {
  return contentOf(gzipSync(randomBytes(LAYER_BYTES), { level: 0 }));
}

interface Timed {
  readonly source: RunningStowage;
  readonly copy: Copy;
  readonly folder: string;
}

/** One copy to a registry that has nothing yet, whose data is removed afterwards. */
async function timed({ cleanups }: BenchContext, { source, copy, folder }: Timed): Promise<Measured> {
  await using target = new AsyncDisposableStack();
  target.defer(() => rm(folder, { recursive: true, force: true }));
  const stowage = await startStowage({ data: folder });
  const stop = async (): Promise<void> => {
    await stowage.api.close();
    await stowage.process.stop();
  };
  target.defer(stop);
  cleanups.defer(() => stowage.process.kill().then(() => undefined));
  await stowage.api.createRepository(REPOSITORY);
  await run(["sync"], { timeoutMs: TIMEOUT_MS }); // what earlier runs wrote is not this one's to wait for
  await touchMemory(dirname(folder), LAYERS * LAYER_BYTES);
  const measured = await measure(stowage.process.pid, () => secondsOf(() => copy(source, stowage)));
  await checkCopy(source, stowage);
  return measured;
}

const PROGRAM = `
import { argv } from "node:process";
import { copyImage, OciClient } from "@stowage/client";
const address = ({ origin, password, repository, reference }) => ({
  client: new OciClient({ endpoint: origin, credentials: { username: "AWS", password } }),
  repository,
  reference,
});
const { from, to } = JSON.parse(argv[2]);
await copyImage(address(from), address(to));
`;

/** The client as plain JavaScript, as who installs it has it. */
async function copyWithClient({ folder }: BenchContext): Promise<Copy> {
  const { code } = await bundle("node", PROGRAM);
  const file = join(folder, "copy.mjs");
  await writeFile(file, code);
  return async (from, to) => {
    const [given, taken] = [from, to].map((registry) => ({
      origin: registry.origin,
      password: passwordOf(registry),
      repository: REPOSITORY,
      reference: TAG,
    }));
    const command = [process.execPath, file, JSON.stringify({ from: given, to: taken })];
    await run(command, { env: inherited(), timeoutMs: TIMEOUT_MS });
  };
}

function copyWithCrane({ folder }: BenchContext, program: string): Copy {
  return async (from, to) => {
    const config = await writeLogins(join(folder, "crane"), [from, to]);
    const env = { ...inherited(), DOCKER_CONFIG: config };
    await run([program, "copy", "--insecure", nameOf(from), nameOf(to)], { env, timeoutMs: TIMEOUT_MS });
  };
}

function copyWithSkopeo({ folder }: BenchContext, program: string): Copy {
  return async (from, to) => {
    const config = await writeLogins(join(folder, "skopeo"), [from, to]);
    const plain = ["--insecure-policy", "--src-tls-verify=false", "--dest-tls-verify=false"];
    const addresses = [from, to].map((registry) => `docker://${nameOf(registry)}`);
    const command = [program, "copy", ...plain, "--authfile", join(config, "config.json"), ...addresses];
    await run(command, { env: inherited(), timeoutMs: TIMEOUT_MS });
  };
}

async function writeLogins(folder: string, registries: readonly RunningStowage[]): Promise<string> {
  const auths = Object.fromEntries(
    registries.map(({ origin, authorization }) => [
      new URL(origin).host,
      { auth: authorization.replace("Basic ", "") },
    ]),
  );
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), JSON.stringify({ auths }));
  return folder;
}

function nameOf({ origin }: RunningStowage): string {
  return `${new URL(origin).host}/${REPOSITORY}:${TAG}`;
}

function passwordOf({ authorization }: RunningStowage): string {
  const login = Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
  return login.slice(login.indexOf(":") + 1);
}

async function pushImage(registry: RunningStowage, { manifest, blobs }: Image): Promise<void> {
  for (const { bytes, digest } of blobs) {
    await push(registry, REPOSITORY, { lengthBytes: bytes.length, pieces: () => [bytes], digest: () => digest });
  }
  const target = `/v2/${REPOSITORY}/manifests/${TAG}`;
  const answer = await exchange({
    origin: registry.origin,
    method: "PUT",
    target,
    headers: { authorization: registry.authorization, "content-type": MANIFEST_TYPE },
    body: { lengthBytes: manifest.bytes.length, pieces: [manifest.bytes] },
  });
  expectStatus(answer, 201, `PUT ${target}`);
}

/** @throws the copy has not the digest of the original */
async function checkCopy(from: RunningStowage, to: RunningStowage): Promise<void> {
  const digests = await Promise.all(
    [from, to].map(async ({ origin, authorization }) => {
      const target = `/v2/${REPOSITORY}/manifests/${TAG}`;
      const answer = await exchange({ origin, method: "HEAD", target, headers: { authorization } });
      expectStatus(answer, 200, `HEAD ${target}`);
      return answer.headers.get("docker-content-digest");
    }),
  );
  if (digests[0] !== digests[1]) throw new Error(`a copy of ${digests[0]} is ${digests[1]}`);
}
