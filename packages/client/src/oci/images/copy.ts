import type { ImageAddress } from "./registry-image.ts";
import { registrySource, registryTarget } from "./registry-image.ts";
import { transfer } from "./transfer.ts";
import type { TransferOptions, TransferResult } from "./transfer.ts";

/**
 * Copies an image between repositories, of one registry or two: byte for byte, only what is missing, streamed without
 * files in between. Within a registry blobs are mounted where it allows that.
 * @throws ContentMismatchError the source has other bytes than its digests say; the target keeps none of them
 * @throws OciError @throws NoAnswerError @throws InvalidContentError
 */
export function copyImage(
  from: ImageAddress,
  to: ImageAddress,
  options: TransferOptions = {},
): Promise<TransferResult> {
  return transfer(registrySource(from), registryTarget(to), { ...options, from: from.reference, to: to.reference });
}
