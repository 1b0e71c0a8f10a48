/** What the store asks of a thread. Paths are whole; the store has checked what they were made of. */
export type Request =
  | {
      readonly kind: "write";
      readonly path: string;
      readonly atByte: number;
      /** The first batch of a part: what the file holds beyond `atByte` is dropped. */
      readonly begins: boolean;
      readonly batch: SharedArrayBuffer;
      readonly lengthBytes: number;
    }
  | {
      readonly kind: "publish";
      readonly path: string;
      readonly target: string;
      readonly algorithm: string;
      readonly hash: string;
      readonly sizeBytes: number;
    }
  | { readonly kind: "digest"; readonly path: string; readonly algorithm: string }
  /** Gives up what is kept open for an upload; its bytes stay. */
  | { readonly kind: "release"; readonly path: string }
  | { readonly kind: "discard"; readonly path: string };

export type Answer =
  | { readonly kind: "done" }
  /** The file ends before the place that was asked for. */
  | { readonly kind: "lost"; readonly heldBytes: number }
  | { readonly kind: "mismatch"; readonly hash: string }
  | { readonly kind: "digest"; readonly hash: string | undefined }
  | { readonly kind: "failed"; readonly failure: Failure };

/** An error as it crosses threads: structured cloning would drop its code. */
export interface Failure {
  readonly message: string;
  readonly code?: string;
  readonly syscall?: string;
}

export interface Call {
  readonly number: number;
  readonly request: Request;
}

export interface Reply {
  readonly number: number;
  readonly answer: Answer;
}
