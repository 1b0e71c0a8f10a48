import type { Bytes } from "@stowage/registry";

/** The source of a part failed, as distinct from whoever stores it. */
export class SourceFailure extends Error {
  override readonly name = "SourceFailure";
  constructor(cause: unknown) {
    super("the source of a part failed", { cause });
  }
}

/** The same bytes; what their source throws comes as {@link SourceFailure}. */
export async function* guarded(part: Bytes): Bytes {
  try {
    yield* part;
  } catch (error) {
    throw new SourceFailure(error);
  }
}
