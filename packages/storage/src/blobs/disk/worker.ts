import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { parentPort } from "node:worker_threads";
import type { Answer, Call, Failure, Reply, Request } from "./messages.ts";
import { UploadFile, hashFile } from "./upload-file.ts";

type Publish = Extract<Request, { kind: "publish" }>;

/** Uploads that this thread has open. The store bounds them: it tells which to release. */
const open = new Map<string, UploadFile>();

/**
 * Folders of blobs whose own names this thread has made durable; there are 256 for each algorithm. That a folder is there does
 * not say so: another thread may have made it a moment ago.
 */
const durableFolders = new Set<string>();

const OWNER_ONLY = 0o700;

const DONE: Answer = { kind: "done" };

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function openUpload(path: string, create: boolean): UploadFile | undefined {
  const known = open.get(path);
  if (known !== undefined) return known;
  try {
    const upload = UploadFile.open(path, create);
    open.set(path, upload);
    return upload;
  } catch (error) {
    if (isMissing(error) && !create) return undefined;
    throw error;
  }
}

function release(path: string): void {
  const upload = open.get(path);
  open.delete(path);
  upload?.close();
}

function write(request: Extract<Request, { kind: "write" }>): Answer {
  const { path, atByte, begins, batch, lengthBytes } = request;
  const upload = openUpload(path, atByte === 0);
  if (upload === undefined) return { kind: "lost", heldBytes: 0 };
  if (upload.sizeBytes < atByte) {
    release(path);
    return { kind: "lost", heldBytes: upload.sizeBytes };
  }
  if (begins) upload.truncate(atByte);
  if (upload.sizeBytes !== atByte) throw new Error("batches of a part came out of order");
  upload.append(new Uint8Array(batch, 0, lengthBytes));
  return DONE;
}

/** On the way a crash leaves either the upload as it was or the whole blob under its name. */
async function publish(request: Publish): Promise<Answer> {
  const { path, target, algorithm, hash, sizeBytes } = request;
  const upload = openUpload(path, false) ?? (await unpublished(request));
  if (!(upload instanceof UploadFile)) return upload;
  if (upload.sizeBytes < sizeBytes) return { kind: "lost", heldBytes: upload.sizeBytes };
  upload.truncate(sizeBytes);
  const actual = await upload.hash(algorithm);
  if (actual !== hash) {
    discard(path);
    return { kind: "mismatch", hash: actual };
  }
  upload.flush();
  rename(path, target);
  release(path);
  return DONE;
}

/** No file has the upload's bytes: they were published before, there never were any, or they are lost. */
async function unpublished({ path, target, algorithm, hash, sizeBytes }: Publish): Promise<Answer | UploadFile> {
  const file = openExisting(target);
  if (file !== undefined) {
    try {
      if (fstatSync(file).size === sizeBytes && (await hashFile(file, algorithm)) === hash) {
        fsyncSync(file);
        syncDirectory(dirname(target));
        return DONE;
      }
    } finally {
      closeSync(file);
    }
    rmSync(target, { force: true });
  }
  return (sizeBytes === 0 ? openUpload(path, true) : undefined) ?? { kind: "lost", heldBytes: 0 };
}

function openExisting(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Names the file anew and makes the name durable. */
function rename(path: string, target: string): void {
  const folder = dirname(target);
  if (!durableFolders.has(folder)) {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
    syncDirectory(dirname(folder));
    syncDirectory(dirname(dirname(folder)));
    durableFolders.add(folder);
  }
  renameSync(path, target);
  syncDirectory(folder);
}

function syncDirectory(path: string): void {
  // Windows has no such call: it journals names by itself.
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

async function digest(path: string, algorithm: string): Promise<Answer> {
  const file = openExisting(path);
  if (file === undefined) return { kind: "digest", hash: undefined };
  try {
    return { kind: "digest", hash: await hashFile(file, algorithm) };
  } finally {
    closeSync(file);
  }
}

function discard(path: string): void {
  release(path);
  rmSync(path, { force: true });
}

async function perform(request: Request): Promise<Answer> {
  switch (request.kind) {
    case "write":
      return write(request);
    case "publish":
      return publish(request);
    case "digest":
      return digest(request.path, request.algorithm);
    case "release":
      release(request.path);
      return DONE;
    case "discard":
      discard(request.path);
      return DONE;
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    message: error.message,
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    ...("syscall" in error && typeof error.syscall === "string" ? { syscall: error.syscall } : {}),
  };
}

async function answer({ number, request }: Call): Promise<Reply> {
  try {
    return { number, answer: await perform(request) };
  } catch (error) {
    // What is known of the file may be wrong now: the next request looks at it anew.
    release(request.path);
    return { number, answer: { kind: "failed", failure: failureOf(error) } };
  }
}

parentPort?.on("message", (call: Call | "close") => {
  if (call === "close") {
    for (const path of open.keys()) release(path);
    parentPort?.close();
  } else {
    void answer(call).then((reply) => parentPort?.postMessage(reply));
  }
});
