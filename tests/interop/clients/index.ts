import type { Scenario } from "../scenario.ts";
import { cosign } from "./cosign.ts";
import { crane } from "./crane.ts";
import { helm } from "./helm.ts";
import { oras } from "./oras.ts";
import { regctl } from "./regctl.ts";

/** Every client, in the order of the run. */
export const scenarios: readonly Scenario[] = [crane, regctl, oras, helm, cosign];
