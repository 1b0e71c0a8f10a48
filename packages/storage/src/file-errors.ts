/** Whether an error carries a code of the operating system or of Node, `ENOENT` for one. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Handed to `catch`: a missing file is no value, any other failure stays one. */
export function absent(error: unknown): undefined {
  if (hasCode(error, "ENOENT")) return undefined;
  throw error;
}
