import { ImageStorageClassUpdateNotSupportedException } from "@stowage/model";
import type { EcrOperations } from "../operation.ts";
import { nothingStored, ofImage, type AbsentParts } from "./absent.ts";

export const archive = (parts: AbsentParts): Pick<EcrOperations, "UpdateImageStorageClass"> => ({
  UpdateImageStorageClass: ofImage(parts, () =>
    nothingStored("UpdateImageStorageClass", ImageStorageClassUpdateNotSupportedException),
  ),
});
