import type { ContextLookup } from "@stowage/iam";
import type { ResourceTag } from "../ports/repository-rows.ts";
import type { AccessContext } from "./authoriser.ts";

/** Everything that conditions may ask about, but for the keys of the principal. */
export interface Circumstances {
  readonly context: AccessContext;
  /** Account that owns the resource. */
  readonly resourceAccountId: string;
  readonly resourceTags: readonly ResourceTag[];
  readonly now: Date;
  /** When the credentials of a session were given out. */
  readonly issuedAt: Date | undefined;
}

const REQUEST_TAG = "aws:requesttag/";
/** Both names mean the tags of the repository. Source: Service Authorization Reference, Amazon Elastic Container Registry. */
const RESOURCE_TAGS = ["aws:resourcetag/", "ecr:resourcetag/"];

/** Source: IAM User Guide, global condition context keys; condition keys of Amazon ECR and AWS STS. */
export function lookupOf(circumstances: Circumstances): ContextLookup {
  return (key) => {
    const value = valueOf(key, circumstances);
    return typeof value === "string" ? [value] : value;
  };
}

function valueOf(key: string, given: Circumstances): string | readonly string[] | undefined {
  const { context, now, issuedAt } = given;
  switch (key) {
    case "aws:sourceip":
      return context.sourceIp;
    case "aws:securetransport":
      return context.secureTransport === undefined ? undefined : String(context.secureTransport);
    case "aws:useragent":
      return context.userAgent;
    case "aws:currenttime":
      return now.toISOString();
    case "aws:epochtime":
      return String(Math.floor(now.getTime() / 1000));
    case "aws:tokenissuetime":
      return issuedAt?.toISOString();
    case "aws:requestedregion":
      return context.requestedRegion;
    case "aws:resourceaccount":
      return given.resourceAccountId;
    case "aws:viaawsservice":
      return "false";
    case "aws:tagkeys":
      return context.tagKeys ?? context.requestTags?.map((tag) => tag.key);
    case "sts:externalid":
      return context.externalId;
    case "sts:rolesessionname":
      return context.roleSessionName;
    default:
      return tagValue(key, given);
  }
}

function tagValue(key: string, { context, resourceTags }: Circumstances): string | undefined {
  if (key.startsWith(REQUEST_TAG)) return find(context.requestTags ?? [], key.slice(REQUEST_TAG.length));
  const prefix = RESOURCE_TAGS.find((candidate) => key.startsWith(candidate));
  return prefix === undefined ? undefined : find(resourceTags, key.slice(prefix.length));
}

/** Names of condition keys, and so the keys of tags in them, are compared without regard to case. */
function find(tags: readonly ResourceTag[], key: string): string | undefined {
  return tags.find((tag) => tag.key.toLowerCase() === key)?.value;
}
