import { DeleteConflictException } from "@stowage/model";
import type { MetadataReads } from "../ports/metadata.ts";

/**
 * What an administrator gave to an identity is not taken away by accident.
 * @throws DeleteConflictException with the text that IAM gives
 * Source: observed answers of IAM.
 */
export async function checkNothingHangsOn(
  rows: Pick<MetadataReads, "identities" | "accessKeys">,
  arn: string,
): Promise<void> {
  const { identities, accessKeys } = rows;
  if ((await accessKeys.list(arn)).length > 0) throw conflict("must delete access keys first.");
  if ((await identities.attachedPolicies(arn)).length > 0) throw conflict("must detach all policies first.");
  if ((await identities.inlinePolicies(arn)).length > 0) throw conflict("must delete policies first.");
  const members = [...(await identities.groupsOf(arn)), ...(await identities.membersOf(arn))];
  if (members.length > 0) throw conflict("must remove users from group first.");
}

function conflict(what: string): DeleteConflictException {
  return new DeleteConflictException(`Cannot delete entity, ${what}`);
}
