import { adminValidator } from "@stowage/model";
import type { DeclaredAccount, DeclaredGroup, DeclaredUser } from "./declared.ts";

/** What of a file the administration would refuse by its form alone, so that nothing is begun that cannot be ended. */
export function grammarFaults({ policies, groups, users, roles }: DeclaredAccount): readonly string[] {
  return [
    ...[...(policies ?? [])].flatMap(([name, { path }]) => [
      ...breaches(`policies.${name}`, "PolicyName", name),
      ...pathBreaches(`policies.${name}`, path),
    ]),
    ...[...(groups ?? [])].flatMap(([name, group]) => [
      ...breaches(`groups.${name}`, "GroupName", name),
      ...identityBreaches(`groups.${name}`, group),
    ]),
    ...[...(users ?? [])].flatMap(([name, user]) => [
      ...breaches(`users.${name}`, "UserName", name),
      ...identityBreaches(`users.${name}`, user),
      ...tagBreaches(`users.${name}`, user),
    ]),
    ...[...(roles ?? [])].flatMap(([name, role]) => [
      ...breaches(`roles.${name}`, "RoleName", name),
      ...identityBreaches(`roles.${name}`, role),
      ...tagBreaches(`roles.${name}`, role),
      ...breaches(`roles.${name}.maxSessionDuration`, "SessionSeconds", role.maxSessionDuration),
    ]),
  ];
}

function breaches(at: string, shape: string, value: unknown): readonly string[] {
  return adminValidator.validate(shape, value).map(({ constraint }) => `${at}: ${constraint}.`);
}

function pathBreaches(at: string, path: string | undefined): readonly string[] {
  return path === undefined ? [] : breaches(`${at}.path`, "Path", path);
}

function identityBreaches(at: string, { path, inlinePolicies }: DeclaredGroup): readonly string[] {
  const names = [...inlinePolicies.keys()];
  return [
    ...pathBreaches(at, path),
    ...names.flatMap((name) => breaches(`${at}.inlinePolicies.${name}`, "PolicyName", name)),
  ];
}

function tagBreaches(at: string, { tags }: Pick<DeclaredUser, "tags">): readonly string[] {
  return [...tags].flatMap(([key, value]) => [
    ...breaches(`${at}.tags.${key}`, "TagKey", key),
    ...breaches(`${at}.tags.${key}`, "TagValue", value),
  ]);
}
