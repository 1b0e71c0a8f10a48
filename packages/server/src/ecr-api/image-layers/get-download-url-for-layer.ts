import type { Layers, RegistryKey } from "@stowage/registry";
import type { Addresses } from "../../auth/addresses.ts";
import { digestOf, repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";

/** Makes addresses under which a layer can be fetched for an hour without credentials. */
export interface LayerUrls {
  sign(
    blob: { readonly key: RegistryKey; readonly repositoryName: string; readonly digest: string },
    base: string,
    now: Date,
  ): string;
}

export const getDownloadUrlForLayer =
  (layers: Layers, addresses: Addresses, layerUrls: LayerUrls): Operation<"GetDownloadUrlForLayer"> =>
  async (input, call) => {
    const name = repositoryNameOf(input.repositoryName);
    const { digest } = await layers.downloadable(call.registry, name, digestOf("layerDigest", input.layerDigest));
    const base = addresses.downloadBase(call.host, call.secure);
    const downloadUrl = layerUrls.sign({ key: call.registry, repositoryName: name, digest }, base, call.now);
    return { downloadUrl, layerDigest: input.layerDigest };
  };
