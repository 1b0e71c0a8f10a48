import { readFile, stat } from "node:fs/promises";
import { createSecureContext } from "node:tls";

/** PEM files of a listener: the certificate with its chain, and its key. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What a TLS server is set up with. */
export interface SecureOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: "TLSv1.2";
}

async function fingerprint(path: string): Promise<string> {
  const { ino, mtimeMs, size } = await stat(path);
  return `${ino}:${mtimeMs}:${size}`;
}

/** A certificate on disk that may be replaced while the server runs. */
export class Certificate {
  private readonly files: TlsFiles;
  private inUse = "";

  constructor(files: TlsFiles) {
    this.files = files;
  }

  /**
   * Reads both files and checks that they belong together.
   * @returns undefined when neither file changed since the last success
   * @throws the file system's or OpenSSL's error; the next call tries again
   */
  async load(): Promise<SecureOptions | undefined> {
    const { certFile, keyFile } = this.files;
    const seen = (await Promise.all([fingerprint(certFile), fingerprint(keyFile)])).join(" ");
    if (seen === this.inUse) return undefined;
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
    const options: SecureOptions = { cert, key, minVersion: "TLSv1.2" };
    createSecureContext(options);
    this.inUse = seen;
    return options;
  }
}
