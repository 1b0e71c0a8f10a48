import { policyText } from "@stowage/testkit";
import { arnOf, ELSEWHERE, HOME, REGION, type Installation, type Login, type Signing } from "./installation.ts";

export const APP = "team/app";
export const OTHER_APP = "team/other";
/** Nobody made it. */
export const NO_APP = "team/none";

/** What the rules of AWS say about one request. */
export type Verdict =
  | { readonly kind: "allowed" }
  /** From the reason on: `because no …`, `with an explicit deny in …`. */
  | { readonly kind: "denied"; readonly because: string }
  /** Not known, or not any more: before anything else is looked at. */
  | { readonly kind: "stranger"; readonly ecr: string; readonly ociStatus: 401 | 403 };

/** A request as the rules see it. */
export interface Asked {
  readonly action: string;
  /** Undefined for what is asked of the registry as a whole. */
  readonly repositoryName: string | undefined;
  /** Whether the request says that it means {@link HOME}'s registry; otherwise it means the caller's own. */
  readonly namesRegistry: boolean;
}

/** One column of the matrix. */
export interface Caller {
  readonly name: string;
  readonly login: Login | undefined;
  readonly signing?: Signing;
  /** The Authorization header on `/v2/`. */
  readonly authorization: string | undefined;
  readonly rule: (asked: Asked) => Verdict;
}

const ALLOWED: Verdict = { kind: "allowed" };

function noAllow(of: string, action: string): Verdict {
  return { kind: "denied", because: `because no ${of} allows the ${action} action` };
}

/** AWS managed policy reference: AmazonEC2ContainerRegistryReadOnly. */
const READ_ONLY: ReadonlySet<string> = new Set(
  [
    "GetAuthorizationToken BatchCheckLayerAvailability GetDownloadUrlForLayer GetRepositoryPolicy DescribeRepositories ListImages",
    "DescribeImages BatchGetImage GetLifecyclePolicy GetLifecyclePolicyPreview ListTagsForResource DescribeImageScanFindings",
  ].flatMap((line) => line.split(" ").map((name) => `ecr:${name}`)),
);
const PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken"];
const ALL = policyText({ Action: "ecr:*", Resource: "*" });

/** Every column: who they are, and what they may do by the rules. */
export async function callersOf(installation: Installation): Promise<readonly Caller[]> {
  const { people, clock } = installation;
  await people.role("ci", { inline: { all: ALL } });
  const expired = await installation.assume("ci", { lifeSeconds: 900 });
  const late = installation.authorization(expired);
  clock.advance(12 * 3_600_000);

  const login = async (name: string, options: Parameters<typeof people.user>[1]): Promise<Login> =>
    installation.login(await people.user(name, options));
  const pull = policyText({ Action: PULL, Resource: "*" });
  const boundaryArn = await people.managedPolicy("pull", pull);
  const admin = await login("admin", { inline: { all: ALL } });
  const guest = await login("guest", {});
  const wrong = { ...admin, secretAccessKey: "guess" };
  const forged = `Basic ${Buffer.from(`AWS:${"A".repeat(300)}`).toString("base64")}`;
  const regional = policyText({ Action: "ecr:*", Resource: `arn:aws:ecr:${REGION}:${HOME}:*` });
  const away = await login("away", { inline: { regional } });
  const isPull = (action: string): boolean => PULL.includes(action);
  const known = (name: string, by: Login, rule: Caller["rule"]): Caller => ({
    name,
    login: by,
    authorization: installation.authorization(by),
    rule,
  });
  const session = await installation.assume("ci", { policies: [{ name: "Policy", text: pull }] });
  const stranger = await login("stranger", { account: ELSEWHERE, inline: { all: ALL } });
  const scoped = await login("scoped", { inline: { one: policyText({ Action: "ecr:*", Resource: arnOf(APP) }) } });
  const attached = ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"];
  const deny = policyText({ Effect: "Deny", Action: "ecr:*", Resource: "*" });
  return [
    {
      name: "anonymous",
      login: undefined,
      authorization: undefined,
      rule: () => ({ kind: "stranger", ecr: "MissingAuthenticationTokenException", ociStatus: 401 }),
    },
    {
      name: "wrong signature",
      login: wrong,
      authorization: forged,
      rule: () => ({ kind: "stranger", ecr: "InvalidSignatureException", ociStatus: 401 }),
    },
    {
      name: "expired token",
      login: expired,
      authorization: late,
      rule: () => ({ kind: "stranger", ecr: "ExpiredTokenException", ociStatus: 403 }),
    },
    known("other account", stranger, ({ action, namesRegistry }) =>
      namesRegistry ? noAllow("resource-based policy", action) : ALLOWED,
    ),
    {
      name: "other region",
      login: away,
      signing: { region: "us-east-1" },
      authorization: installation.authorization(away, { registryId: HOME, region: "us-east-1" }),
      rule: ({ action }) => noAllow("identity-based policy", action),
    },
    known("assumed role with a session policy", session, ({ action }) =>
      isPull(action) ? ALLOWED : noAllow("session policy", action),
    ),
    known(
      "user with a permissions boundary",
      await login("bounded", { inline: { all: ALL }, boundaryArn }),
      ({ action }) => (isPull(action) ? ALLOWED : noAllow("permissions boundary", action)),
    ),
    known("read-only user", await login("reader", { attached }), ({ action }) =>
      READ_ONLY.has(action) ? ALLOWED : noAllow("identity-based policy", action),
    ),
    known("repository-scoped user", scoped, ({ action, repositoryName }) =>
      repositoryName === APP ? ALLOWED : noAllow("identity-based policy", action),
    ),
    known("user whom a repository policy lets pull", guest, ({ action, repositoryName }) =>
      isPull(action) && repositoryName === APP ? ALLOWED : noAllow("identity-based policy", action),
    ),
    known("user denied by policy", await login("denied", { inline: { all: ALL, deny } }), () => ({
      kind: "denied",
      because: "with an explicit deny in an identity-based policy",
    })),
    known("allowed user", admin, () => ALLOWED),
  ];
}

/** The policy of {@link APP} on which one of the callers depends. */
export const APP_POLICY = policyText({
  Principal: { AWS: `arn:aws:iam::${HOME}:user/guest` },
  Action: PULL,
});
