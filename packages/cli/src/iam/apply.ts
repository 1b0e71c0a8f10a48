import type { Command } from "commander";
import type { Administration } from "../administration.ts";
import { UsageError } from "../exit-codes.ts";
import { readDocument } from "../documents.ts";
import type { Io } from "../io.ts";
import { addCommand, administer, type Options } from "./command.ts";
import { PHASES, type Change } from "./declared/change.ts";
import { emptyAccount, readAccount } from "./declared/account-state.ts";
import type { Declared, DeclaredAccount } from "./declared/declared.ts";
import { planAccount, type Plan } from "./declared/plan.ts";
import { printPlan, type AccountChanges } from "./declared/print-plan.ts";
import { readDeclared } from "./declared/read-declared.ts";

interface ApplyOptions extends Options {
  readonly file: string;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

const NOTES = `
The file is YAML or JSON. What stands in it is made so; what it does not name stays, unless --prune
is given: then each section that it has names all there is. Names are keys:

  policies:
    push-team-a:
      document:
        Version: 2012-10-17
        Statement:
          { Effect: Allow, Action: ["ecr:*"], Resource: "arn:aws:ecr:*:*:repository/team-a/*" }
  groups:
    developers: { policies: [AmazonEC2ContainerRegistryReadOnly] }
  users:
    ann: { groups: [developers], policies: [push-team-a], tags: { team: a } }
  roles:
    deployer:
      trustPolicy:
        Version: 2012-10-17
        Statement: { Effect: Allow, Principal: { AWS: "000000000000" }, Action: sts:AssumeRole }
      maxSessionDuration: 7200
      inlinePolicies: {}
  accounts:
    "111111111111": { users: {} }

Further keys: path of all; permissionsBoundary of users and roles; tags of roles; inlinePolicies of
users and groups.

Examples:
  stowage iam apply -f iam.yaml --dry-run
  stowage iam apply -f iam.yaml --prune`;

export function addApply(iam: Command, io: Io): void {
  addCommand(iam, "apply", "make identities and policies as a file has them, and tell what differed")
    .requiredOption("-f, --file <file>", "the file; - reads standard input")
    .option("--dry-run", "tell what would change, and change nothing")
    .option("--prune", "remove what the sections of the file do not name")
    .addHelpText("after", NOTES)
    .action(async ({ file, dryRun = false, prune = false, ...options }: ApplyOptions) => {
      const declared = await readDeclared(await readDocument(io, file));
      if (options.endpoint !== undefined && declared.accounts.size > 0) {
        throw new UsageError("--endpoint acts for one account; a file with accounts needs --data.");
      }
      const accounts = await planAll(io, { declared, prune, options });
      await printPlan(io, options.output, accounts);
      if (dryRun) return;
      for (const account of accounts) await carryOut(io, account, options);
    });
}

/** An account with what is to change there, and how to get to it. */
interface PlannedAccount extends AccountChanges {
  readonly options: Options;
}

interface Request {
  readonly declared: Declared;
  readonly prune: boolean;
  readonly options: Options;
}

/** Looks at all accounts before any is changed. @throws UsageError with all that cannot be done */
async function planAll(io: Io, { declared, prune, options }: Request): Promise<readonly PlannedAccount[]> {
  const faults: string[] = [];
  const judge = async (administration: Administration, plan: Plan, at: string): Promise<readonly Change[]> => {
    faults.push(...plan.faults.map((fault) => at + fault), ...(await documentFaults(administration, plan, at)));
    return plan.changes;
  };
  const compare = (of: Options, account: DeclaredAccount, at: string): Promise<readonly Change[]> =>
    administer(io, of, async (administration) => {
      const state = await readAccount(administration, account);
      return judge(administration, planAccount(account, { state, prune }), at);
    });

  const planned: PlannedAccount[] = [
    { account: undefined, isNew: false, changes: await compare(options, declared.own, ""), options },
  ];
  const known = declared.accounts.size === 0 ? NO_ACCOUNTS : await administer(io, options, readAccounts);
  for (const [account, wanted] of declared.accounts) {
    const at = `accounts.${account}.`;
    const there = { account, options: { ...options, account } };
    if (account === known.own) faults.push(`${at} the top of the file is about this account.`);
    if (known.all.has(account)) {
      planned.push({ ...there, isNew: false, changes: await compare(there.options, wanted, at) });
      continue;
    }
    const changes = await administer(io, options, async (administration) => {
      const state = emptyAccount((await administration.listPolicies({ scope: "AWS" })).policies);
      return judge(administration, planAccount(wanted, { state, prune }), at);
    });
    planned.push({ ...there, isNew: true, changes });
  }
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return planned;
}

interface KnownAccounts {
  readonly own: string | undefined;
  readonly all: ReadonlySet<string>;
}

const NO_ACCOUNTS: KnownAccounts = { own: undefined, all: new Set() };

async function readAccounts(administration: Administration): Promise<KnownAccounts> {
  const { account: own } = await administration.getStatus();
  const { accounts } = await administration.listAccounts();
  return { own, all: new Set(accounts.map(({ accountId }) => accountId)) };
}

/** What is wrong with documents that would be stored; advice is not. */
async function documentFaults(administration: Administration, { documents }: Plan, at: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { at: place, text, type } of documents) {
    const { findings } = await administration.validatePolicy({ policyDocument: text, policyType: type });
    for (const { severity, path, message } of findings) {
      if (severity === "error") faults.push(`${at}${place}${path === "" ? "" : ` (${path})`}: ${message}`);
    }
  }
  return faults;
}

/** Every step is an operation of its own; after a failure the same file goes on where it stopped. */
async function carryOut(io: Io, { account, isNew, changes, options }: PlannedAccount, creator: Options): Promise<void> {
  if (isNew && account !== undefined) {
    await administer(io, creator, (administration) => administration.createAccount({ accountId: account }));
  }
  const steps = changes.flatMap((change) => change.steps);
  if (steps.length === 0) return;
  await administer(io, options, async (administration) => {
    for (const phase of PHASES) {
      for (const step of steps.filter((each) => each.phase === phase)) await step.run(administration);
    }
  });
}
