import { createCodec } from "../table/codec.ts";
import type { Codec } from "../table/codec.ts";
import { ecrExceptions } from "./generated/errors.ts";
import type { Operations } from "./generated/types.ts";
import { ecrTable } from "./table/table.ts";

/** AWS JSON 1.1 of the Amazon ECR API. */
export const ecrCodec: Codec<Operations> = /* @__PURE__ */ createCodec<Operations>(ecrTable, ecrExceptions);
