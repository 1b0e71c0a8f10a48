import type { Digest } from "@stowage/model";

/** What happens to one piece of an image. */
export type ImageProgress =
  | {
      readonly kind: "blob";
      readonly digest: Digest;
      readonly mediaType: string;
      readonly doneBytes: number;
      readonly totalBytes: number;
      /** `present` and `mounted` blobs did not travel; `skipped` ones may live elsewhere and are left there. */
      readonly state: "running" | "done" | "present" | "mounted" | "skipped";
    }
  | {
      readonly kind: "manifest";
      readonly digest: Digest;
      readonly mediaType: string;
      readonly state: "done" | "present";
      readonly tag?: string;
    };

export type OnProgress = (event: ImageProgress) => void;

/** How many bytes pass between two events of one blob. */
export const PROGRESS_STEP_BYTES = 1024 * 1024;
