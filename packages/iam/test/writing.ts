import { ABROAD, HOME, session, user } from "./callers.ts";
import type { PolicyDocument, StatementDocument } from "./documents.ts";

export function policy(...Statement: StatementDocument[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}

export const allowAll = policy({ Effect: "Allow", Action: "*", Resource: "*" });
export const allowPull = policy({ Effect: "Allow", Action: "ecr:BatchGetImage", Resource: "*" });
export const allowPush = policy({ Effect: "Allow", Action: "ecr:PutImage", Resource: "*" });
export const denyPush = policy({ Effect: "Deny", Action: "ecr:PutImage", Resource: "*" });
export const silent = policy({ Effect: "Allow", Action: "ecr:ListImages", Resource: "*" });

export function toWhom(effect: "Allow" | "Deny", principal: StatementDocument["Principal"]): PolicyDocument {
  return policy({ Effect: effect, Action: "ecr:PutImage", ...(principal !== undefined && { Principal: principal }) });
}

export function allowTo(AWS: string | string[]): PolicyDocument {
  return toWhom("Allow", { AWS });
}

export function unlessNamed(effect: "Allow" | "Deny", ...AWS: string[]): PolicyDocument {
  return policy({ Effect: effect, Action: "ecr:PutImage", NotPrincipal: { AWS } });
}

export const ann = user("ann");
export const ci = session("ci");
export const stranger = user("zoe", ABROAD);
export const strangeSession = session("ci", ABROAD);
export const userArn = `arn:aws:iam::${HOME}:user/ann`;
export const roleArn = `arn:aws:iam::${HOME}:role/ci`;
export const sessionArn = `arn:aws:sts::${HOME}:assumed-role/ci/run-1`;
export const rootArn = `arn:aws:iam::${HOME}:root`;

export const strangeArn = `arn:aws:iam::${ABROAD}:user/zoe`;
