import assert from "node:assert/strict";
import type { RegistryId } from "@stowage/model";
import type { AccessRequest, Action, Principal } from "@stowage/registry";
import { afterEach, beforeEach } from "vitest";
import { policyText, Population, type TestStatement } from "./population.ts";
import { openTestRegistry, type TestRegistry, type TestRegistryOptions } from "./test-registry.ts";

export const OTHER = "222222222222" as RegistryId;
/** The repository of {@link AccessUnderTest.core}. */
export const APP = "arn:aws:ecr:eu-west-1:123456789012:repository/team/app";

export const READ = { Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], Resource: "*" };
export const DENY_ALL = { Effect: "Deny", Principal: "*", Action: "*" } as const;

export function noIdentity(action: Action): string {
  return `because no identity-based policy allows the ${action} action`;
}

export function noResource(action: Action): string {
  return `because no resource-based policy allows the ${action} action`;
}

export function request(
  principal: Principal,
  action: Action,
  resource = APP,
  more: AccessRequest["context"] = {},
): AccessRequest {
  return { principal, action, resource, context: { requestedRegion: "eu-west-1", ...more } };
}

/** A registry in memory, its people, and what their requests are answered. */
export class AccessUnderTest {
  core!: TestRegistry;
  people!: Population;
  readonly unreadable: string[] = [];

  async open(options: TestRegistryOptions = {}): Promise<void> {
    this.unreadable.length = 0;
    this.core = await openTestRegistry({ onUnreadablePolicy: (policy) => this.unreadable.push(policy), ...options });
    const { metadata, key, clock } = this.core;
    this.people = new Population(metadata, { account: key.registryId, now: () => clock.now() });
  }

  async reopen(options: TestRegistryOptions): Promise<void> {
    await this.core.close();
    await this.open(options);
  }

  /** `allowed`, or the text of the refusal from its reason on. */
  async answer(...asked: Parameters<typeof request>): Promise<string> {
    const [principal, action, resource = APP] = asked;
    const { access } = this.core.registry;
    const refused: unknown = await access.authorise(request(...asked)).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.equal(await access.allowed(request(...asked)), refused === undefined);
    if (!(refused instanceof Error)) return "allowed";
    assert.equal(refused.name, "AccessDeniedException");
    const begins = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;
    assert.equal(refused.message.slice(0, begins.length), begins);
    return refused.message.slice(begins.length + 1);
  }

  async setPolicy(...statements: readonly TestStatement[]): Promise<void> {
    await this.setPolicyText(policyText(...statements));
  }

  async setPolicyText(text: string): Promise<void> {
    const { registry, metadata, key, name } = this.core;
    const repository = await registry.repositories.find(key, name);
    await metadata.transaction(({ access }) => access.putRepositoryPolicy(repository.id, text));
  }

  async setRegistryPolicy(...statements: readonly TestStatement[]): Promise<void> {
    const { metadata, key } = this.core;
    await metadata.transaction(({ access }) => access.putRegistryPolicy(key, policyText(...statements)));
  }
}

/** A registry opened anew for each test of a file. */
export function openAccessEach(): AccessUnderTest {
  const access = new AccessUnderTest();
  beforeEach(() => access.open());
  afterEach(() => access.core.close());
  return access;
}
