import { MAX_RESOURCE_POLICY_CHARS, parsePolicy } from "@stowage/iam";
import {
  RegistryPolicyNotFoundException,
  RepositoryPolicyNotFoundException,
  repositoryArn,
  type RepositoryName,
} from "@stowage/model";
import type { AccessContext, Authoriser, Principal } from "../access/authoriser.ts";
import { InvalidParameter } from "../errors.ts";
import type { Metadata } from "../ports/metadata.ts";
import type { RegistryKey } from "../ports/repository-rows.ts";
import { requireRepository } from "../repositories/repositories.ts";

export interface SetRepositoryPolicyInput {
  readonly text: string;
  /** Take a policy under which the caller could not set the next one. */
  readonly force: boolean;
  readonly principal: Principal;
  readonly context: AccessContext;
}

/** Policies of repositories and registries. They are kept as given. */
export class Policies {
  readonly #metadata: Metadata;
  readonly #access: Authoriser;

  constructor(metadata: Metadata, access: Authoriser) {
    this.#metadata = metadata;
    this.#access = access;
  }

  /**
   * @param input.text at most 10,240 characters; statements name principals and no resources
   * @throws RepositoryNotFoundException
   * @throws InvalidParameterException it is no policy, or would lock its caller out and `force` is not set
   */
  async setOfRepository(key: RegistryKey, name: RepositoryName, input: SetRepositoryPolicyInput): Promise<void> {
    const { text, force, principal, context } = input;
    await requireRepository(this.#metadata, key, name);
    requirePolicy(text, "forbidden", "Invalid repository policy provided");
    if (!force) {
      const resource = repositoryArn({ ...key, repositoryName: name });
      const again = { principal, action: "ecr:SetRepositoryPolicy", resource, context } as const;
      if (!(await this.#access.allowedUnder(again, text))) throw lockOut();
    }
    await this.#metadata.transaction(async (rows) => {
      const repository = await requireRepository(rows, key, name);
      await rows.access.putRepositoryPolicy(repository.id, text);
    });
  }

  /** @throws RepositoryNotFoundException @throws RepositoryPolicyNotFoundException */
  async ofRepository(key: RegistryKey, name: RepositoryName): Promise<string> {
    const { id } = await requireRepository(this.#metadata, key, name);
    const text = await this.#metadata.access.repositoryPolicy(id);
    if (text === undefined) throw noRepositoryPolicy(key, name);
    return text;
  }

  /** @returns the policy that was deleted @throws RepositoryNotFoundException @throws RepositoryPolicyNotFoundException */
  deleteOfRepository(key: RegistryKey, name: RepositoryName): Promise<string> {
    return this.#metadata.transaction(async (rows) => {
      const { id } = await requireRepository(rows, key, name);
      const text = await rows.access.repositoryPolicy(id);
      if (text === undefined) throw noRepositoryPolicy(key, name);
      await rows.access.deleteRepositoryPolicy(id);
      return text;
    });
  }

  /** @param text at most 10,240 characters; statements name principals and resources @throws InvalidParameterException */
  async putOfRegistry(key: RegistryKey, text: string): Promise<void> {
    requirePolicy(text, "required", "Invalid registry policy provided");
    await this.#metadata.transaction((rows) => rows.access.putRegistryPolicy(key, text));
  }

  /** @throws RegistryPolicyNotFoundException */
  async ofRegistry(key: RegistryKey): Promise<string> {
    const text = await this.#metadata.access.registryPolicy(key);
    if (text === undefined) throw noRegistryPolicy(key);
    return text;
  }

  /** @returns the policy that was deleted @throws RegistryPolicyNotFoundException */
  deleteOfRegistry(key: RegistryKey): Promise<string> {
    return this.#metadata.transaction(async (rows) => {
      const text = await rows.access.registryPolicy(key);
      if (text === undefined) throw noRegistryPolicy(key);
      await rows.access.deleteRegistryPolicy(key);
      return text;
    });
  }
}

/** What is wrong with it is not told: clients wait for just this text while a principal comes to be. */
function requirePolicy(text: string, resourceElement: "required" | "forbidden", constraint: string): void {
  const fits = text.length <= MAX_RESOURCE_POLICY_CHARS;
  if (fits && parsePolicy(text, "resource", { resourceElement }).ok) return;
  throw new InvalidParameter("PolicyText", constraint);
}

/** AWS's own words for this are not on record; the reference of SetRepositoryPolicy says that such a policy must be forced. */
function lockOut(): InvalidParameter {
  return new InvalidParameter(
    "PolicyText",
    "The policy would prevent the caller from setting another repository policy; use force to set it all the same",
  );
}

function noRepositoryPolicy({ registryId }: RegistryKey, name: RepositoryName): RepositoryPolicyNotFoundException {
  return new RepositoryPolicyNotFoundException(
    `Repository policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
  );
}

function noRegistryPolicy({ registryId }: RegistryKey): RegistryPolicyNotFoundException {
  return new RegistryPolicyNotFoundException(`Registry policy does not exist in the registry with id '${registryId}'`);
}
