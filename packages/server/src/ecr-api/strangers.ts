import { InvalidSignatureException } from "@stowage/model";
import type { SignedAuthenticator } from "../auth/signed.ts";
import type { Request } from "../transport/types.ts";

const NO_BODY = new Uint8Array(0);
/** How AWS's answer to a signature of something else begins. Of all refusals it is the only one that the body has a part in. */
const MISMATCH = "The request signature we calculated does not match";

/**
 * Nobody without a valid key shall make others wait by sending a large body slowly: all that can be told before the body is
 * there is told. Whether the signature covers the body shows afterwards.
 * @throws what `authenticate` throws, but for a mismatch
 */
export async function refuseStrangers(
  signed: SignedAuthenticator,
  request: Request,
  options: Parameters<SignedAuthenticator["authenticate"]>[2],
): Promise<void> {
  try {
    await signed.authenticate(request, NO_BODY, options);
  } catch (failure) {
    const isMismatch = failure instanceof InvalidSignatureException && failure.message.startsWith(MISMATCH);
    if (!isMismatch) throw failure;
  }
}
