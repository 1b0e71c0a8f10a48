import { join } from "node:path";
import type { Digest, UploadId } from "@stowage/model";
import { digestAlgorithm, digestEncoded } from "@stowage/model";
import type { BlobLocation, PublishedUpload } from "@stowage/registry";

/*
 * DIRECTORY/
 *   uploads/
 *     <upload id>                     bytes of an open upload, as far as they have come
 *   blobs/
 *     sha256/, sha512/
 *       ab/                           the first two digits of the hash
 *         <hash>.<upload id>          a published blob: whole, verified, never written to again
 *
 * The location of a blob is its path below blobs/, with slashes. Each upload has a location of its own: two key scopes never
 * share a file, and a file that is about to be removed is never given out anew.
 */

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const UPLOAD_ID = new RegExp(`^${UUID}$`);
const LOCATION = new RegExp(
  `^(?:sha256/([0-9a-f]{2})/\\1[0-9a-f]{62}|sha512/([0-9a-f]{2})/\\2[0-9a-f]{126})\\.${UUID}$`,
);
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

export class DiskPaths {
  readonly uploads: string;
  readonly blobs: string;

  constructor(directory: string) {
    this.uploads = join(directory, "uploads");
    this.blobs = join(directory, "blobs");
  }

  upload(id: UploadId): string {
    if (!isUploadName(id)) throw new Error("an upload id is no UUID in lower case");
    return join(this.uploads, id);
  }

  location(digest: Digest, id: UploadId): BlobLocation {
    if (!DIGEST.test(digest) || !isUploadName(id)) throw new Error("a digest or an upload id has no place on disk");
    const hash = digestEncoded(digest);
    return `${digestAlgorithm(digest)}/${hash.slice(0, 2)}/${hash}.${id}` as BlobLocation;
  }

  /** What lies below {@link blobs}; undefined when it is no blob. @param path its path there, with slashes */
  published(path: string): PublishedUpload | undefined {
    const location = path as BlobLocation;
    if (!LOCATION.test(location)) return undefined;
    const [algorithm = "", , name = ""] = location.split("/");
    const [hash = "", upload = ""] = name.split(".");
    return { location, digest: `${algorithm}:${hash}` as Digest, upload: upload as UploadId };
  }

  blob(at: BlobLocation): string {
    if (!LOCATION.test(at)) throw new Error("a location is none of this driver's");
    return join(this.blobs, ...at.split("/"));
  }
}

export function isUploadName(name: string): name is UploadId {
  return UPLOAD_ID.test(name);
}
