/** What a command touches of its process; tests hand in their own. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const processIo: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  // Looked at by the few commands alone that read it: the first look opens it.
  get stdin() {
    return process.stdin;
  },
  environment: process.env,
};
