/** A registry refused a request. `code` is the one of its answer, as in the distribution specification, else empty. */
export class OciError extends Error {
  override readonly name = "OciError";
  readonly status: number;
  readonly code: string;
  readonly detail: unknown;

  constructor(message: string, told: { readonly status: number; readonly code: string; readonly detail?: unknown }) {
    super(message);
    this.status = told.status;
    this.code = told.code;
    this.detail = told.detail;
  }
}

/** Bytes are not those that were asked for: another digest, or more or fewer than were announced. */
export class ContentMismatchError extends Error {
  override readonly name = "ContentMismatchError";
}

/** What came is no manifest, list, layout or archive that the client takes, or is over a limit of its. */
export class InvalidContentError extends Error {
  override readonly name = "InvalidContentError";
}

/** A registry points to a place to which the client does not follow it, or to which it takes no credentials. */
export class UnsafeAddressError extends Error {
  override readonly name = "UnsafeAddressError";
}

/** A registry does not have what a copy needs. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}
