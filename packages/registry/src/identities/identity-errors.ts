import { NoSuchEntityException } from "@stowage/model";
import type { IdentityRow } from "../ports/identity-rows.ts";

/** Source: observed answers of IAM. */
export function noSuchIdentity(kind: IdentityRow["kind"], name: string): NoSuchEntityException {
  return new NoSuchEntityException(`The ${kind} with name ${name} cannot be found.`);
}

export function noSuchPolicy(arn: string): NoSuchEntityException {
  return new NoSuchEntityException(`Policy ${arn} does not exist or is not attachable.`);
}
