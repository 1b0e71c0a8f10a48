import { InvalidLayerPartException, UploadNotFoundException, type UploadId } from "@stowage/model";
import type { RegistryKey, RepositoryRow } from "../ports/repository-rows.ts";

export function uploadNotFound(key: RegistryKey, name: string, id: string): UploadNotFoundException {
  return new UploadNotFoundException(
    `The upload with ID '${id}' does not exist in the repository with name '${name}' in the registry with id '${key.registryId}'`,
  );
}

/** A part that does not continue the upload; `heldBytes` tell the caller where to go on. */
export function invalidPart(
  repository: RepositoryRow,
  upload: { readonly id: UploadId; readonly receivedBytes: number },
  message: string,
): InvalidLayerPartException {
  return new InvalidLayerPartException(message, {
    registryId: repository.key.registryId,
    repositoryName: repository.name,
    uploadId: upload.id,
    lastValidByteReceived: upload.receivedBytes - 1,
  });
}

export function outOfOrder(
  repository: RepositoryRow,
  upload: { readonly id: UploadId; readonly receivedBytes: number },
  firstByte: number,
): InvalidLayerPartException {
  const message = `First byte of the layer part is ${firstByte} instead of ${upload.receivedBytes}`;
  return invalidPart(repository, upload, message);
}

/** A power failure took bytes that had been received but not published. */
export function bytesLost(
  repository: RepositoryRow,
  left: { readonly id: UploadId; readonly receivedBytes: number },
): InvalidLayerPartException {
  return invalidPart(repository, left, `Of the upload ${left.receivedBytes} bytes are left; go on from there`);
}
