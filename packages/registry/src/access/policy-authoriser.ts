import { evaluate, explain, type AccessRequest as Question, type Decision, type PolicySets } from "@stowage/iam";
import type { MetadataReads } from "../ports/metadata.ts";
import type { RegistryKey } from "../ports/repository-rows.ts";
import type { Clock } from "../ports/runtime.ts";
import type { AccessExplanation, AccessRequest, Authoriser, Principal } from "./authoriser.ts";
import type { ReportUnreadable } from "./compiled-policy.ts";
import { lookupOf } from "./context.ts";
import { denial } from "./denial.ts";
import { explanationOf } from "./explanation.ts";
import { loadPrincipal, principalKey, type PrincipalPolicies } from "./principal-policies.ts";
import {
  concerning,
  compileRepositoryPolicy,
  governs,
  loadRegistryPolicy,
  loadResource,
  type RegistryPolicy,
  type ResourcePolicies,
} from "./resource-policies.ts";
import { VersionedCache } from "./versioned-cache.ts";

export interface PolicyAuthoriserParts {
  readonly metadata: Pick<MetadataReads, "identities" | "sessions" | "repositories" | "access" | "settings">;
  readonly clock: Clock;
  /** `false` under `--open`: everything is allowed. */
  readonly enforce: boolean;
  /** Whether repository policies may let callers without credentials pull. */
  readonly anonymousPull: boolean;
  readonly report: ReportUnreadable;
}

/** Entries that a cache may have, and characters of policies behind them; compiled, a character takes some 30 bytes. */
const PRINCIPAL_LIMITS = { maxEntries: 1024, maxWeight: 1024 * 1024 };
const RESOURCE_LIMITS = { maxEntries: 8192, maxWeight: 1024 * 1024 };
const REGISTRY_LIMITS = { maxEntries: 256, maxWeight: 256 * 1024 };

/** What a repository policy can open to the public. */
const PULL_ACTIONS: ReadonlySet<string> = new Set([
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
  "ecr:ListImageReferrers",
  "ecr:ListImages",
]);
/** A policy that denies everything to everyone can still be taken away by the owner of the resource. */
const MENDING_ACTIONS: ReadonlySet<string> = new Set(["ecr:DeleteRegistryPolicy", "ecr:DeleteRepositoryPolicy"]);

const NOT_ENFORCED: AccessExplanation = { decision: "allowed", reason: "notEnforced", statements: [] };
const NOBODY: Decision = { decision: "implicitDeny", reason: "noIdentityAllow", decidedBy: [] };
const NOT_PUBLIC: Decision = { decision: "implicitDeny", reason: "noResourceAllow", decidedBy: [] };

/** Everything that has a say in one request. */
interface Case {
  readonly sets: PolicySets;
  readonly question: Question;
}

/**
 * Decides from the policies of identities, sessions, repositories and registries, as AWS does. Compiled policies are kept while
 * the access version stays, so that a change counts from the next request on.
 */
export class PolicyAuthoriser implements Authoriser {
  readonly #parts: PolicyAuthoriserParts;
  readonly #principals = new VersionedCache<PrincipalPolicies>(PRINCIPAL_LIMITS);
  readonly #resources = new VersionedCache<ResourcePolicies>(RESOURCE_LIMITS);
  readonly #registries = new VersionedCache<RegistryPolicy | "none">(REGISTRY_LIMITS);

  constructor(parts: PolicyAuthoriserParts) {
    this.#parts = parts;
  }

  async authorise(request: AccessRequest): Promise<void> {
    const decision = await this.#decide(request);
    if (decision.decision !== "allowed") throw denial(request, decision);
  }

  async allowed(request: AccessRequest): Promise<boolean> {
    return (await this.#decide(request)).decision === "allowed";
  }

  async explain(request: AccessRequest): Promise<AccessExplanation> {
    if (!this.#parts.enforce) return NOT_ENFORCED;
    const found = await this.#gather(request);
    return "sets" in found ? explanationOf(explain(found.sets, found.question)) : { ...found, statements: [] };
  }

  async allowedUnder(request: AccessRequest, policyText: string): Promise<boolean> {
    if (!this.#parts.enforce) return true;
    const own = compileRepositoryPolicy(request.resource, policyText, this.#parts.report).policies;
    const found = await this.#gather(request, (resource) => ({ ...resource, own }));
    const { decision } = "sets" in found ? evaluate(found.sets, found.question) : found;
    return decision === "allowed";
  }

  async #decide(request: AccessRequest): Promise<Decision> {
    if (!this.#parts.enforce) return { decision: "allowed", reason: "allowedAsRoot", decidedBy: [] };
    const found = await this.#gather(request);
    return "sets" in found ? evaluate(found.sets, found.question) : found;
  }

  /** @returns the case, or a decision that needs no policies */
  async #gather(
    request: AccessRequest,
    change: (resource: ResourcePolicies) => ResourcePolicies = (resource) => resource,
  ): Promise<Case | Decision> {
    const { principal, action, resource: arn, context = {} } = request;
    if (principal.kind === "anonymous" && !(this.#parts.anonymousPull && PULL_ACTIONS.has(action))) return NOT_PUBLIC;
    // Read before everything else: what is found under it is at least as new.
    const version = await this.#parts.metadata.access.version();
    const caller =
      this.#principals.find(principalKey(principal), version) ?? (await this.#principal(principal, version));
    if (caller === undefined) return NOBODY;
    const target = arn === "*" ? wildcard(principal, context.requestedRegion) : arn;
    const found = this.#resources.find(target, version) ?? (await this.#resource(target, version));
    const resource = concerning(action, change(found));
    const registry = resource.registry && (await this.#registry(resource.registry, version));
    const resourceAccountId = resource.accountId;
    const sets: PolicySets = {
      ...caller.sets,
      resource: resourceSets(request, resource, registry),
      resourceMustAllow: resource.mustAllow,
    };
    const lookup = lookupOf({
      context,
      resourceAccountId,
      resourceTags: resource.tags,
      now: this.#parts.clock.now(),
      issuedAt: caller.issuedAt,
    });
    return {
      sets,
      question: { principal: caller.principal, action, resource: arn, resourceAccountId, context: lookup },
    };
  }

  async #principal(principal: Principal, version: number): Promise<PrincipalPolicies | undefined> {
    const loaded = await loadPrincipal(this.#parts.metadata, principal, this.#parts.report);
    if (loaded !== undefined) {
      this.#principals.keep(principalKey(principal), version, { value: loaded, weight: loaded.chars });
    }
    return loaded;
  }

  async #resource(arn: string, version: number): Promise<ResourcePolicies> {
    const loaded = await loadResource(this.#parts.metadata, arn, this.#parts.report);
    this.#resources.keep(arn, version, { value: loaded, weight: loaded.chars });
    return loaded;
  }

  async #registry(key: RegistryKey, version: number): Promise<RegistryPolicy | undefined> {
    const name = `${key.registryId} ${key.region}`;
    const kept = this.#registries.find(name, version);
    if (kept !== undefined) return kept === "none" ? undefined : kept;
    const loaded = await loadRegistryPolicy(this.#parts.metadata, key, this.#parts.report);
    this.#registries.keep(name, version, { value: loaded ?? "none", weight: loaded?.chars ?? 0 });
    return loaded;
  }
}

/** `*` stands for the caller's own registry. */
function wildcard({ accountId }: Principal, region = ""): string {
  return `arn:aws:ecr:${region}:${accountId}:*`;
}

function resourceSets(
  { principal, action }: AccessRequest,
  { own, accountId }: ResourcePolicies,
  registry: RegistryPolicy | undefined,
): NonNullable<PolicySets["resource"]> {
  if (principal.kind === "root" && principal.accountId === accountId && MENDING_ACTIONS.has(action)) return [];
  const policies = registry !== undefined && governs(registry, action) ? registry.policies : undefined;
  // The public gets in by a repository's own policy alone; the registry's can only keep it out.
  const governing = policies && principal.kind === "anonymous" ? { ...policies, allows: [] } : policies;
  return [own, governing].filter((set) => set !== undefined);
}
