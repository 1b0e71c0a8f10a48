import type { Settings } from "@stowage/registry";
import type { Operation } from "../operation.ts";

export const getAccountSetting =
  (settings: Settings): Operation<"GetAccountSetting"> =>
  (input, call) =>
    settings.get(call.registry, input.name);
