import { EcrClient } from "@stowage/client";
import { ecrSteps } from "./ecr-steps.ts";
import type { Machine } from "./machine.ts";
import { blobSteps } from "./oci-blob-steps.ts";
import { copySteps } from "./oci-copy-steps.ts";
import { failureSteps } from "./oci-failure-steps.ts";
import { faultSteps } from "./oci-fault-steps.ts";
import { manifestSteps } from "./oci-manifest-steps.ts";
import { openOciStage } from "./oci-stage.ts";
import { perform } from "./steps.ts";
import type { Exercise } from "./steps.ts";

/** @returns one line a step, which begins with `ok` or `failed` */
export async function exercise(given: Exercise, machine: Machine): Promise<readonly string[]> {
  const ecrLines = await perform(ecrSteps, { ...given, ecr: new EcrClient(given.options) });
  const oci = await openOciStage(given, machine);
  const ociSteps = { ...blobSteps, ...manifestSteps, ...copySteps, ...failureSteps, ...faultSteps };
  const ociLines = await perform(ociSteps, oci);
  await machine.close();
  return [...ecrLines, ...ociLines];
}
