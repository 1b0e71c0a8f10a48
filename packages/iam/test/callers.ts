import type { Caller } from "./documents.ts";

export const HOME = "111122223333";
export const ABROAD = "444455556666";

const NOBODY: Caller = {
  kind: "anonymous",
  accountId: "",
  arn: "",
  roleArn: "",
  userId: "",
  service: "",
  tags: {},
};

export const anonymous: Caller = NOBODY;

export function root(accountId = HOME): Caller {
  return { ...NOBODY, kind: "root", accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId };
}

export function user(name: string, accountId = HOME, tags: Caller["tags"] = {}): Caller {
  const arn = `arn:aws:iam::${accountId}:user/${name}`;
  return { ...NOBODY, kind: "user", accountId, arn, userId: `AIDA${name.toUpperCase().padEnd(16, "A")}`, tags };
}

export function role(name: string, accountId = HOME, tags: Caller["tags"] = {}): Caller {
  const arn = `arn:aws:iam::${accountId}:role/${name}`;
  return { ...NOBODY, kind: "role", accountId, arn, roleArn: arn, userId: roleId(name), tags };
}

export function session(name: string, accountId = HOME, tags: Caller["tags"] = {}): Caller {
  return {
    ...NOBODY,
    kind: "assumedRole",
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${name}/run-1`,
    roleArn: `arn:aws:iam::${accountId}:role/${name}`,
    userId: `${roleId(name)}:run-1`,
    tags,
  };
}

export function service(name = "replication.ecr.amazonaws.com"): Caller {
  return { ...NOBODY, kind: "service", service: name };
}

function roleId(name: string): string {
  return `AROA${name.toUpperCase().padEnd(16, "A")}`;
}
