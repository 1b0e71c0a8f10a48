import { createCodec } from "../table/codec.ts";
import type { Codec } from "../table/codec.ts";
import { adminExceptions } from "./generated/errors.ts";
import type { AdminOperations } from "./generated/types.ts";
import { adminTable } from "./table/table.ts";

/** AWS JSON 1.1 of the administration door. */
export const adminCodec: Codec<AdminOperations> = /* @__PURE__ */ createCodec<AdminOperations>(
  adminTable,
  adminExceptions,
);
