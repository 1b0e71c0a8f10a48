/** What a command touches of its process; tests hand in their own. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const processIo: Io = { stdout: process.stdout, stderr: process.stderr, environment: process.env };
