import { isDigest } from "@stowage/model";
import type { Files, ReadableFiles } from "./files.ts";
import { LayoutReader, LayoutWriter } from "./layout.ts";
import { registrySource, registryTarget } from "./registry-image.ts";
import type { ImageAddress } from "./registry-image.ts";
import { transfer } from "./transfer.ts";
import type { TransferOptions, TransferResult } from "./transfer.ts";

export interface PushLayoutOptions extends TransferOptions {
  /** Name or digest of the image in the layout; may be left out when there is one only. */
  readonly image?: string | undefined;
}

/**
 * Pushes an image of an OCI layout.
 * @throws NotFoundError the layout lacks it, or something that it names
 * @throws ContentMismatchError a file has not the digest that it is named after
 * @throws InvalidContentError it is no layout
 */
export async function pushLayout(
  files: ReadableFiles,
  to: ImageAddress,
  { image, ...options }: PushLayoutOptions = {},
): Promise<TransferResult> {
  const source = new LayoutReader(files, to.client.transport.platform);
  const { digest } = await source.named(image);
  return transfer(source, registryTarget(to), { ...options, from: image ?? digest, to: to.reference });
}

/** Pulls an image into an OCI layout, under its tag; what the layout has already stays there. */
export async function pullToLayout(
  from: ImageAddress,
  files: Files,
  options: TransferOptions = {},
): Promise<TransferResult> {
  const target = new LayoutWriter(files, from.client.transport.platform);
  const { reference } = from;
  const to = isDigest(reference) ? undefined : reference;
  const result = await transfer(registrySource(from), target, { ...options, from: reference, to });
  if (to === undefined) await target.list(await target.manifest(result.digest));
  return result;
}
