import type { Branded } from "../names/brand.ts";

/** Names an open upload: a UUID. */
export type UploadId = Branded<"UploadId">;

const UPLOAD_ID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** Source: Amazon ECR API model, UploadId. */
export function isUploadId(text: string): text is UploadId {
  return UPLOAD_ID.test(text);
}
