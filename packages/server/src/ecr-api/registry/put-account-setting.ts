import type { Settings } from "@stowage/registry";
import type { Operation } from "../operation.ts";

export const putAccountSetting =
  (settings: Settings): Operation<"PutAccountSetting"> =>
  (input, call) =>
    settings.put(call.registry, input.name, input.value);
