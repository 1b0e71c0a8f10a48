import type { RunningRegistry } from "./distribution.ts";
import { exchange, expectStatus, type WireAnswer } from "./wire.ts";

export interface UploadedBlob {
  readonly lengthBytes: number;
  readonly pieces: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Asked for when all pieces are sent. */
  readonly digest: () => string;
}

/** Uploads one blob as docker and crane do: POST, one PATCH with all of it, PUT with the digest. */
export async function push(registry: RunningRegistry, repository: string, blob: UploadedBlob): Promise<void> {
  const { origin } = registry;
  const headers = registry.authorization === undefined ? {} : { authorization: registry.authorization };
  const uploads = `/v2/${repository}/blobs/uploads/`;
  const begun = await exchange({ origin, method: "POST", target: uploads, headers });
  expectStatus(begun, 202, `POST ${uploads}`);
  const patched = await exchange({
    origin,
    method: "PATCH",
    target: locationOf(begun),
    headers: { ...headers, "content-type": "application/octet-stream" },
    body: { lengthBytes: blob.lengthBytes, pieces: blob.pieces() },
  });
  expectStatus(patched, 202, "PATCH");
  const location = locationOf(patched);
  const target = `${location}${location.includes("?") ? "&" : "?"}digest=${blob.digest()}`;
  expectStatus(await exchange({ origin, method: "PUT", target, headers }), 201, "PUT");
}

export function locationOf(answer: WireAnswer): string {
  const location = answer.headers.get("location");
  if (location === undefined) throw new Error("an upload has no Location");
  return location;
}
