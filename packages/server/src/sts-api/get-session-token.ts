import type { Call } from "../auth/call.ts";
import type { Sessions } from "../auth/sessions.ts";
import { credentialsXml } from "./answer.ts";
import { StsError } from "./errors.ts";
import type { Parameters } from "./parameters.ts";

/** Source: AWS STS API reference, GetSessionToken. */
const DURATION = { min: 900, max: 129_600 };
const DEFAULT_SECONDS = 43_200;
/** The root of an account gets an hour at most, whatever it asks for. */
const MAX_ROOT_SECONDS = 3_600;

/** Gives users, and the root of an account, credentials of their own that end. Nobody needs a permission for that. */
export async function getSessionToken(
  sessions: Sessions,
  parameters: Parameters,
  { principal }: Call,
): Promise<string> {
  parameters.refuse("SerialNumber", "TokenCode");
  const asked = parameters.number("DurationSeconds", DURATION) ?? DEFAULT_SECONDS;
  parameters.check();
  const { kind, accountId, arn, identityArn, userId, sessionKeyId } = principal;
  if (sessionKeyId !== undefined || kind === "role") {
    throw new StsError("AccessDenied", "Cannot call GetSessionToken with session credentials");
  }
  const lifeSeconds = kind === "root" ? Math.min(asked, MAX_ROOT_SECONDS) : asked;
  const nothing = { policies: [], policyArns: [], tags: [] };
  const grant = { accountId, principalArn: arn, identityArn, userId, lifeSeconds, ...nothing };
  return credentialsXml(await sessions.issue(grant));
}
