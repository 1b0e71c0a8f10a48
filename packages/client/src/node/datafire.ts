import { createDataFire } from "../ecr/datafire.ts";
import type { DataFireEcr } from "../ecr/datafire.ts";
import type { EcrClientOptions } from "../ecr/options.ts";
import { platform } from "./platform.ts";

export type { DataFireContext, DataFireEcr, Json } from "../ecr/datafire.ts";

/**
 * ECR in the manner of DataFire's `amazonaws_ecr`: methods in PascalCase that take an input and a context and answer plain
 * JSON.
 */
export function create(account: EcrClientOptions = {}): DataFireEcr {
  return createDataFire(account, platform);
}

/** The same without an account of its own: each context brings one. */
export const actions: DataFireEcr = /* @__PURE__ */ create();
