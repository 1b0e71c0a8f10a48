import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, randomUUID } from "node:crypto";
import { link, lstat, open, readFile, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { absent, hasCode } from "../file-errors.ts";
import { syncDirectory } from "../sync-directory.ts";

export const MASTER_KEY_BYTES = 32;

const DERIVED_KEY_BYTES = 32;
const FORMAT = 1;
const NONCE_BYTES = 12;
const AUTHENTICATION_TAG_BYTES = 16;
const OWNER_ONLY = 0o600;

/** The master key can't be used as it is; the message says what to do. */
export class UnusableMasterKey extends Error {
  override readonly name = "UnusableMasterKey";
}

/** What was sealed does not open: under another key, for another purpose, or changed since. */
export class SealBroken extends Error {
  override readonly name = "SealBroken";
  constructor(cause?: unknown) {
    super("a sealed secret does not open under this master key", { cause });
  }
}

/** Encrypts secrets at rest and gives every other purpose a key of its own. */
export class MasterKey {
  readonly #key: Uint8Array;
  readonly #sealing: Uint8Array;

  constructor(key: Uint8Array) {
    if (key.byteLength !== MASTER_KEY_BYTES) {
      throw new UnusableMasterKey(`the master key has ${key.byteLength} bytes instead of ${MASTER_KEY_BYTES}`);
    }
    this.#key = Uint8Array.from(key);
    this.#sealing = this.deriveKey("seal");
  }

  /** A key of 32 bytes for one purpose (HKDF-SHA-256); it tells nothing of the others. */
  deriveKey(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync("sha256", this.#key, "", `stowage/${purpose}`, DERIVED_KEY_BYTES));
  }

  /**
   * Encrypts a secret (AES-256-GCM). `context` names what it belongs to, so that it opens nowhere else.
   * @returns format (1 byte), nonce (12), ciphertext, authentication tag (16)
   */
  seal(secret: Uint8Array, context: string): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#sealing, nonce).setAAD(Buffer.from(context));
    const sealed = [Buffer.of(FORMAT), nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()];
    return new Uint8Array(Buffer.concat(sealed));
  }

  /** @throws SealBroken */
  open(sealed: Uint8Array, context: string): Uint8Array {
    const tagStart = sealed.byteLength - AUTHENTICATION_TAG_BYTES;
    if (sealed[0] !== FORMAT || tagStart < 1 + NONCE_BYTES) throw new SealBroken();
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#sealing, sealed.subarray(1, 1 + NONCE_BYTES), {
        authTagLength: AUTHENTICATION_TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(tagStart));
      const secret = [decipher.update(sealed.subarray(1 + NONCE_BYTES, tagStart)), decipher.final()];
      return new Uint8Array(Buffer.concat(secret));
    } catch (error) {
      throw new SealBroken(error);
    }
  }
}

/**
 * Takes the master key from `value` (base64 of 32 bytes, as an environment variable holds it) or else from the file at
 * `path`, which is made with a random key when it is missing.
 * @throws UnusableMasterKey it has another length or encoding, or others than the owner may read the file
 */
export async function loadMasterKey(from: { readonly path: string; readonly value?: string }): Promise<MasterKey> {
  if (from.value !== undefined) return parse(from.value, "the master key given in the environment");
  const stat = await lstat(from.path).catch(absent);
  if (stat === undefined) {
    await create(from.path);
  } else {
    if (!stat.isFile()) throw new UnusableMasterKey(`${from.path} is no plain file`);
    // Windows has no such modes; the folder's access list protects the file there.
    if (process.platform !== "win32" && (stat.mode & 0o077) !== 0) {
      throw new UnusableMasterKey(`others may read ${from.path}: run chmod 600 on it`);
    }
  }
  return parse(await readFile(from.path, "utf8"), from.path);
}

function parse(text: string, source: string): MasterKey {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, "base64");
  if (key.byteLength !== MASTER_KEY_BYTES || key.toString("base64") !== trimmed) {
    throw new UnusableMasterKey(`${source} is not base64 of ${MASTER_KEY_BYTES} bytes`);
  }
  return new MasterKey(key);
}

/** The key appears whole or not at all, and never in place of another. */
async function create(path: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, "wx", OWNER_ONLY);
  try {
    await file.writeFile(`${randomBytes(MASTER_KEY_BYTES).toString("base64")}\n`);
    await file.sync();
    await link(temporary, path).catch((error: unknown) => {
      if (!hasCode(error, "EEXIST")) throw error;
    });
  } finally {
    await file.close();
    await unlink(temporary);
  }
  await syncDirectory(dirname(path));
}
