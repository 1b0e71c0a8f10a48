import type { Digest, Tag } from "@stowage/model";
import type { ImageRow, ImageStatus, ReferrerRow, StoredManifest, TagRow } from "@stowage/registry";
import type { Row } from "./executor.ts";
import { bytesOf, dateOf, isNull, numberOf, textOf } from "./executor.ts";

export function imageOf(row: Row): ImageRow {
  return {
    id: numberOf(row, "id"),
    repositoryId: numberOf(row, "repository_id"),
    digest: digestOf(row),
    kind: textOf(row, "kind") as ImageRow["kind"],
    mediaType: textOf(row, "media_type"),
    ...(isNull(row, "config_media_type") ? {} : { configMediaType: textOf(row, "config_media_type") }),
    ...(isNull(row, "artifact_type") ? {} : { artifactType: textOf(row, "artifact_type") }),
    ...(isNull(row, "subject") ? {} : { subject: textOf(row, "subject") as Digest }),
    sizeBytes: numberOf(row, "size_bytes"),
    manifestBytes: numberOf(row, "manifest_bytes"),
    status: statusOf(row),
    pushedAt: dateOf(row, "pushed_at"),
    ...(isNull(row, "last_pulled_at") ? {} : { lastPulledAt: dateOf(row, "last_pulled_at") }),
  };
}

export function referrerOf(row: Row): ReferrerRow {
  if (isNull(row, "annotations")) return imageOf(row);
  const annotations = JSON.parse(textOf(row, "annotations")) as Readonly<Record<string, string>>;
  return { ...imageOf(row), annotations };
}

export function digestOf(row: Row): Digest {
  return textOf(row, "digest") as Digest;
}

export function statusOf(row: Row): ImageStatus {
  return textOf(row, "status") as ImageStatus;
}

export function tagOf(row: Row): Tag {
  return textOf(row, "tag") as Tag;
}

export function tagRowOf(row: Row): TagRow {
  return { imageId: numberOf(row, "image_id"), tag: tagOf(row) };
}

export function manifestOf(row: Row): StoredManifest {
  return {
    imageId: numberOf(row, "id"),
    repositoryId: numberOf(row, "repository_id"),
    digest: digestOf(row),
    mediaType: textOf(row, "media_type"),
    status: statusOf(row),
    bytes: bytesOf(row, "payload"),
  };
}
