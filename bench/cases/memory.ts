import { setTimeout as delay } from "node:timers/promises";
import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { StreamedBlob } from "../harness/content.ts";
import { measure, type Row } from "../harness/measure.ts";
import { REPOSITORY, startSubject } from "../harness/pair.ts";
import { forgetPeakMemory, memoryUse } from "../harness/proc.ts";
import type { RunningStowage } from "../harness/stowage.ts";
import { push as pushBlob } from "../harness/transfer.ts";

const GIB = 1024 ** 3;
const MIB = 1024 * 1024;
const PIECE_BYTES = MIB;
/** What InitiateLayerUpload advises. */
const PART_BYTES = 10 * MIB;
/** As many as docker pushes at once. */
const LAYERS_AT_ONCE = 5;
const SAMPLE_MS = 100;
/** Of one layer; several at once have as many buffers more. */
const ONE_LAYER_TARGET = { of: "value", atMost: 200 } as const;
/** After which the memory of a server that has just started no longer changes. */
const SETTLE_MS = 1_000;

export const memory: BenchCase = {
  name: "memory",
  title: "Memory while one large layer is pushed through each door",
  run: runCase,
};

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const sizeBytes = (context.full ? 10 : 1) * GIB;
  const size = `${sizeBytes / GIB} GiB`;
  const doors = [
    { door: "/v2/ (one PATCH)", push: pushThroughRegistry, target: ONE_LAYER_TARGET },
    { door: "ECR's API (parts of 10 MiB)", push: pushThroughApi, target: ONE_LAYER_TARGET },
    { door: `ECR's API, in ${LAYERS_AT_ONCE} layers at once`, push: pushAtOnce },
  ];
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const { door, push: pushLayer, ...limits } of doors) {
    context.progress(`${size} through ${door}`);
    const stowage = await startSubject({ ...context, folder: `${context.folder}/${rows.length}` });
    const found = await watched(stowage, () => pushLayer(stowage, sizeBytes));
    const run = { serverCpuSeconds: found.serverCpuSeconds, loadCpuSeconds: found.loadCpuSeconds };
    const only = (value: number): Row["subject"] => ({ who: "Stowage", runs: [{ ...run, value }] });
    rows.push(
      {
        what: `peak above idle, ${size} through ${door}`,
        unit: "MiB",
        better: "less",
        subject: only((found.peakBytes - found.idleBytes) / MIB),
        ...limits,
      },
      {
        what: `rate, ${size} through ${door}`,
        unit: "MiB/s",
        better: "more",
        subject: only(sizeBytes / MIB / found.seconds),
      },
    );
    notes.push(
      `${door}: idle ${(found.idleBytes / MIB).toFixed(0)} MiB, highest of the kernel's own record ${(found.peakBytes / MIB).toFixed(0)} ` +
        `MiB, median of samples ${(found.medianBytes / MIB).toFixed(0)} MiB.`,
    );
    await stowage.api.close();
    await stowage.process.stop();
  }
  notes.push(
    "The layer is made while it is sent; the load includes making and hashing it, and base64 and signing for ECR's API.",
  );
  return { rows, notes };
}

interface Watched {
  readonly idleBytes: number;
  readonly peakBytes: number;
  readonly medianBytes: number;
  readonly seconds: number;
  readonly serverCpuSeconds: number;
  readonly loadCpuSeconds: number;
}

async function watched({ process: { pid } }: RunningStowage, work: () => Promise<void>): Promise<Watched> {
  await delay(SETTLE_MS);
  const idleBytes = memoryUse(pid).residentBytes;
  forgetPeakMemory(pid);
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(memoryUse(pid).residentBytes), SAMPLE_MS);
  try {
    const {
      value,
      serverCpuSeconds = 0,
      loadCpuSeconds,
    } = await measure(pid, async () => {
      const startedMs = performance.now();
      await work();
      return (performance.now() - startedMs) / 1000;
    });
    const { peakBytes } = memoryUse(pid);
    const medianBytes = samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? idleBytes;
    return { idleBytes, peakBytes, medianBytes, seconds: value, serverCpuSeconds, loadCpuSeconds };
  } finally {
    clearInterval(timer);
  }
}

async function pushThroughRegistry(stowage: RunningStowage, sizeBytes: number): Promise<void> {
  const blob = new StreamedBlob(sizeBytes, PIECE_BYTES);
  await pushBlob(stowage, REPOSITORY, {
    lengthBytes: sizeBytes,
    pieces: () => blob.pieces(),
    digest: () => blob.digest,
  });
}

/** Parts in order, as they must be: the next is made and encoded while one is under way. */
async function pushThroughApi({ api }: RunningStowage, sizeBytes: number): Promise<void> {
  const repositoryName = REPOSITORY;
  const blob = new StreamedBlob(sizeBytes, PART_BYTES);
  const { uploadId } = await api.call("InitiateLayerUpload", { repositoryName });
  let underWay: Promise<unknown> = Promise.resolve();
  let at = 0;
  for (const part of blob.pieces()) {
    const place = { partFirstByte: at, partLastByte: at + part.length - 1 };
    const input = { repositoryName, uploadId, ...place, layerPartBlob: part.toString("base64") };
    const body = JSON.stringify(input);
    at += part.length;
    await underWay;
    underWay = api.callText("UploadLayerPart", body);
    underWay.catch(() => undefined); // it is awaited before the next
  }
  await underWay;
  await api.call("CompleteLayerUpload", { repositoryName, uploadId, layerDigests: [blob.digest] });
}

async function pushAtOnce(stowage: RunningStowage, sizeBytes: number): Promise<void> {
  const each = Math.floor(sizeBytes / LAYERS_AT_ONCE);
  await Promise.all(Array.from({ length: LAYERS_AT_ONCE }, () => pushThroughApi(stowage, each)));
}
