import { createHash } from "node:crypto";
import { AccessDeniedException, isRegistryId, parseArn, type RegistryId } from "@stowage/model";
import {
  findAwsManagedPolicy,
  isSessionPolicy,
  type AccessContext,
  type Authoriser,
  type Metadata,
  type ResourceTag,
} from "@stowage/registry";
import type { Call } from "../auth/call.ts";
import type { Sessions } from "../auth/sessions.ts";
import { credentialsXml } from "./answer.ts";
import { StsError } from "./errors.ts";
import type { Parameters } from "./parameters.ts";
import { xmlElement } from "./xml.ts";

/** Source: AWS STS API reference, AssumeRole; IAM and AWS STS quotas. */
const DURATION = { min: 900, max: 43_200 };
const DEFAULT_SECONDS = 3_600;
/** Also the longest session of a role that was assumed by a role's session. */
const MAX_CHAINED_SECONDS = 3_600;
const MAX_POLICY_CHARS = 2_048;
const MAX_POLICY_ARNS = 10;
const MAX_TAGS = 50;
/** What session policies and tags may take together. AWS packs them into a binary form whose measure is not known. */
export const MAX_PACKED_CHARS = 4_096;

const SESSION_NAME = { minLength: 2, maxLength: 64, pattern: "[\\w+=,.@-]*" };
const ARN = {
  minLength: 20,
  maxLength: 2_048,
  pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF]+",
};
const POLICY = { minLength: 1, maxLength: MAX_POLICY_CHARS };
const EXTERNAL_ID = { minLength: 2, maxLength: 1_224, pattern: "[\\w+=,.@:\\/-]*" };
const TAG = {
  Key: { minLength: 1, maxLength: 128, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+" },
  Value: { maxLength: 256, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*" },
};
const NOT_BUILT = ["SerialNumber", "TokenCode", "SourceIdentity", "TransitiveTagKeys", "ProvidedContexts"];

export interface AssumeRoleParts {
  readonly sessions: Sessions;
  readonly metadata: Pick<Metadata, "identities">;
  readonly access: Authoriser;
}

interface Asked {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number | undefined;
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
  readonly tags: readonly ResourceTag[];
  readonly externalId: string | undefined;
}

interface Role {
  readonly arn: string;
  readonly accountId: RegistryId;
  readonly name: string;
  readonly uniqueId: string;
  readonly maxSessionSeconds: number;
}

/** Gives out credentials of a role's session to whom the role's trust policy, and a policy of their own, let have them. */
export async function assumeRole(parts: AssumeRoleParts, parameters: Parameters, call: Call): Promise<string> {
  const asked = readAsked(parameters);
  const packedPercent = packedSize(asked);
  if (call.principal.kind === "root") {
    throw new StsError("AccessDenied", "Roles may not be assumed by root accounts.");
  }
  await authorise(parts.access, asked, call);
  const role = await findRole(parts.metadata, asked.roleArn, call);
  const lifeSeconds = lifeOf(asked, role, call);
  await requirePolicies(parts.metadata, asked.policyArns, role.accountId);
  const arn = `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${asked.sessionName}`;
  const userId = `${role.uniqueId}:${asked.sessionName}`;
  const credentials = await parts.sessions.issue({
    accountId: role.accountId,
    principalArn: arn,
    identityArn: role.arn,
    userId,
    policies: asked.policy === undefined ? [] : [{ name: "Policy", text: asked.policy }],
    policyArns: asked.policyArns,
    tags: asked.tags,
    lifeSeconds,
  });
  const user = `<AssumedRoleUser>${xmlElement("AssumedRoleId", userId)}${xmlElement("Arn", arn)}</AssumedRoleUser>`;
  const packed = packedPercent === 0 ? "" : xmlElement("PackedPolicySize", String(packedPercent));
  return `${credentialsXml(credentials)}${user}${packed}`;
}

function readAsked(parameters: Parameters): Asked {
  parameters.refuse(...NOT_BUILT);
  const asked: Asked = {
    roleArn: parameters.required("RoleArn", ARN),
    sessionName: parameters.required("RoleSessionName", SESSION_NAME),
    durationSeconds: parameters.number("DurationSeconds", DURATION),
    policy: parameters.optional("Policy", POLICY),
    policyArns: parameters.list("PolicyArns", { arn: ARN }, MAX_POLICY_ARNS).map(({ arn }) => arn),
    tags: parameters.list("Tags", TAG, MAX_TAGS).map(({ Key, Value }) => ({ key: Key, value: Value })),
    externalId: parameters.optional("ExternalId", EXTERNAL_ID),
  };
  parameters.check();
  if (roleOf(asked.roleArn) === undefined) throw new StsError("ValidationError", "Request ARN is invalid");
  const keys = asked.tags.map(({ key }) => key.toLowerCase());
  if (new Set(keys).size !== keys.length) {
    throw new StsError("ValidationError", "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  }
  if (asked.policy !== undefined && !isSessionPolicy(asked.policy)) {
    throw new StsError("MalformedPolicyDocument", "Syntax errors in policy.");
  }
  return asked;
}

/** @returns percent of the space that is taken @throws StsError PackedPolicyTooLarge */
function packedSize({ policy = "", policyArns, tags }: Asked): number {
  const texts = [policy.replace(/[ \t\r\n]/g, ""), ...policyArns, ...tags.flatMap(({ key, value }) => [key, value])];
  const chars = texts.reduce((sum, text) => sum + text.length, 0);
  const percent = Math.ceil((chars / MAX_PACKED_CHARS) * 100);
  if (percent <= 100) return percent;
  const message = `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`;
  throw new StsError("PackedPolicyTooLarge", message);
}

/** @throws AccessDeniedException */
async function authorise(access: Authoriser, asked: Asked, { principal, access: facts }: Call): Promise<void> {
  const { roleArn: resource, sessionName, externalId, tags } = asked;
  const context: AccessContext = {
    ...facts,
    roleSessionName: sessionName,
    ...(externalId !== undefined && { externalId }),
    ...(tags.length > 0 && { requestTags: tags }),
  };
  await access.authorise({ principal, action: "sts:AssumeRole", resource, context });
  if (tags.length > 0) await access.authorise({ principal, action: "sts:TagSession", resource, context });
}

/** Under `--open` any role will do, as emulators have it. @throws AccessDeniedException the role went meanwhile */
async function findRole({ identities }: AssumeRoleParts["metadata"], arn: string, { principal }: Call): Promise<Role> {
  const row = await identities.find(arn);
  if (row !== undefined) return { ...row, maxSessionSeconds: row.maxSessionSeconds ?? DEFAULT_SECONDS };
  const made = principal.kind === "open" ? roleOf(arn) : undefined;
  if (made !== undefined) return made;
  throw new AccessDeniedException(
    `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
  );
}

/** A role as its ARN alone tells it. */
function roleOf(arn: string): Role | undefined {
  const parsed = parseArn(arn);
  if (parsed?.service !== "iam" || parsed.region !== "" || !isRegistryId(parsed.account)) return undefined;
  const [kind, ...path] = parsed.resource.split("/");
  const name = path.at(-1) ?? "";
  if (kind !== "role" || name === "") return undefined;
  const uniqueId = `AROA${createHash("sha256").update(arn).digest("hex").slice(0, 17).toUpperCase()}`;
  return { arn, accountId: parsed.account, name, uniqueId, maxSessionSeconds: DURATION.max };
}

/** @throws StsError ValidationError */
function lifeOf({ durationSeconds }: Asked, { maxSessionSeconds }: Role, { principal }: Call): number {
  if (durationSeconds === undefined) return DEFAULT_SECONDS;
  if (durationSeconds > maxSessionSeconds) {
    const message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    throw new StsError("ValidationError", message);
  }
  if (principal.kind === "role" && durationSeconds > MAX_CHAINED_SECONDS) {
    const message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
    throw new StsError("ValidationError", message);
  }
  return durationSeconds;
}

/** Managed policies of the role's account, or AWS's. @throws StsError ValidationError */
async function requirePolicies(
  { identities }: AssumeRoleParts["metadata"],
  arns: readonly string[],
  accountId: RegistryId,
): Promise<void> {
  for (const arn of arns) {
    if (findAwsManagedPolicy(arn) !== undefined) continue;
    const found = await identities.findPolicy(arn);
    if (found?.accountId === accountId) continue;
    throw new StsError("ValidationError", `Policy ${arn} does not exist or is not attachable.`);
  }
}
