import { NoSuchEntityException } from "@stowage/model";
import type { Administration } from "../administration.ts";

/**
 * The ARN of a managed policy that is named by it or by its name; the account's own come before AWS's.
 * @throws NoSuchEntityException
 */
export async function policyArnOf(administration: Administration, text: string): Promise<string> {
  if (text.startsWith("arn:")) return text;
  const { policies } = await administration.listPolicies();
  const named = policies.filter(({ policyName }) => policyName.toLowerCase() === text.toLowerCase());
  const found = named.find(({ isAwsManaged }) => !isAwsManaged) ?? named[0];
  if (found === undefined) throw new NoSuchEntityException(`There is no managed policy named ${text}.`);
  return found.policyArn;
}

/** What `--boundary` says: a policy, or that there is none. */
export async function boundaryOf(
  administration: Administration,
  text: string | undefined,
): Promise<{ readonly permissionsBoundary?: string }> {
  if (text === undefined) return {};
  return { permissionsBoundary: text === "none" ? "" : await policyArnOf(administration, text) };
}
