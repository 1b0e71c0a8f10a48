import type { Descriptor } from "@stowage/model";
import { headBlob, readBlob } from "../blobs.ts";
import { getManifest, headManifest, putManifest } from "../manifests.ts";
import type { OciConnection } from "../oci-client.ts";
import { listUnderFallbackTag, referrers } from "../referrers.ts";
import { uploadBlob } from "../uploads.ts";
import { UploadSession } from "../upload-session.ts";
import type { ImageSource, ImageTarget } from "./image-store.ts";

/** An image in a registry. */
export interface ImageAddress {
  /** The client of its registry. */
  readonly client: OciConnection;
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
}

export function registrySource({ client, repository }: Omit<ImageAddress, "reference">): ImageSource {
  const { transport } = client;
  return {
    repository: { host: transport.endpoint.host, name: repository },
    manifest: (reference, signal) => getManifest(transport, { repository, reference }, { signal }),
    blob: ({ digest, sizeBytes }, fromByte, signal) =>
      readBlob(transport, { repository, digest }, { fromByte, sizeBytes, signal, reusesMemory: true }),
    referrers: (digest, signal) => referrers(transport, { repository, digest }, { signal }),
  };
}

export function registryTarget({ client, repository }: Omit<ImageAddress, "reference">): ImageTarget {
  const { transport, partBytes } = client;
  return {
    platform: transport.platform,
    manifestDigest: async (reference, signal) =>
      (await headManifest(transport, { repository, reference }, { signal }))?.digest,
    hasBlob: async ({ digest, sizeBytes }, signal) =>
      (await headBlob(transport, { repository, digest }, { signal }))?.sizeBytes === sizeBytes,
    putBlob: async ({ digest }, { content, from, onBytes, signal }) => {
      const near = from.repository?.host === transport.endpoint.host && from.repository.name !== repository;
      const session = near
        ? await UploadSession.mount(transport, { repository, signal }, { digest, from: from.repository.name })
        : undefined;
      if (session === "mounted") return "mounted";
      await uploadBlob(transport, repository, {
        content,
        partBytes,
        onBytes,
        signal,
        ...(session === undefined ? {} : { session }),
      });
      return "done";
    },
    putManifest: async ({ bytes, mediaType, digest }, { tag, subject, artifactType, annotations, signal }) => {
      const reference = tag ?? digest;
      const put = await putManifest(transport, { repository, reference }, { bytes, mediaType, signal });
      if (subject === undefined || put.listsReferrer) return;
      const referrer: Descriptor = {
        mediaType,
        digest,
        sizeBytes: bytes.length,
        ...(artifactType === undefined ? {} : { artifactType }),
        ...(annotations === undefined ? {} : { annotations }),
      };
      await listUnderFallbackTag(transport, { repository, digest: subject.digest }, { referrer, signal });
    },
  };
}
