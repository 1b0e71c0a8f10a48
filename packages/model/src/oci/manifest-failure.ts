/** Why bytes are no manifest that a registry takes. */
export type ManifestFailureReason =
  | "malformed-json"
  | "too-deep"
  | "wrong-shape"
  | "media-type-missing"
  | "media-type-mismatch"
  | "unsupported-media-type"
  | "ambiguous"
  | "schema-1"
  | "withdrawn"
  | "invalid-descriptor"
  | "too-many-descriptors";

export interface ManifestFailure {
  readonly reason: ManifestFailureReason;
  /** A sentence for the one who pushed. */
  readonly message: string;
}

/** Ends parsing inside this folder; `parseManifest` turns it into its answer. */
export class ManifestRefusal extends Error {
  override readonly name = "ManifestRefusal";
  readonly reason: ManifestFailureReason;

  constructor(reason: ManifestFailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
