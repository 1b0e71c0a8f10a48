import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Account, type RunningStowage, startStowage } from "../../bench/harness/stowage.ts";
import { median } from "../../bench/harness/measure.ts";
import { Audit, type CutUploads } from "./audit.ts";
import { checkDataDirectory } from "./data-directory.ts";
import { Ledger } from "./ledger.ts";
import { isAnswer, Pusher } from "./pushers.ts";
import type { FaultContext, Random, Scenario } from "./scenario.ts";

const PUSHERS = 4;
const REPOSITORIES = ["killed/one", "killed/two"];
const SHORT_KILLS = 25;
const FULL_KILLS = 250;
/** Kills at a moment of their own, and kills right behind a request that makes something visible. */
const AIMED_SHARE = 0.6;
const MOST_DELAY_MS = 300;
const MOST_AIMED_DELAY_MS = 8;
const MOST_COMMITS_BEFORE_KILL = 25;
/** A pusher that made no request for so long is stuck. */
const PATIENCE_MS = 30_000;

export const killsThroughRegistry: Scenario = {
  name: "kill-v2",
  title: "kill -9 during pushes through /v2/ loses nothing acknowledged and leaves nothing half visible",
  run: (context) => killAgainAndAgain(context, ["v2"]),
};

export const killsThroughApi: Scenario = {
  name: "kill-ecr",
  title: "kill -9 during pushes through ECR's API loses nothing acknowledged and leaves nothing half visible",
  run: (context) => killAgainAndAgain(context, ["ecr"]),
};

export const killsThroughBoth: Scenario = {
  name: "kill-both",
  title: "kill -9 while both doors push into the same repositories, on one data directory",
  run: (context) => killAgainAndAgain(context, ["v2", "ecr"]),
};

type DoorName = "v2" | "ecr";

async function killAgainAndAgain(context: FaultContext, doors: readonly DoorName[]): Promise<string> {
  const data = join(context.folder, "data");
  const ledger = new Ledger();
  const kills = context.full ? FULL_KILLS : SHORT_KILLS;
  const startsMs: number[] = [];
  const uploads: CutUploads[] = [];
  // All moments come first: what the pushers draw depends on how far they get.
  const plans = Array.from({ length: kills }, () => planOf(context.random));
  let account: Account | undefined;
  let server: RunningStowage | undefined;
  context.cleanups.defer(async () => {
    await server?.process.kill();
  });
  for (let kill = 0; kill <= kills; kill += 1) {
    server = await startStowage({ data, ...(account === undefined ? {} : { account }) });
    account = server.account;
    if (kill === 0) {
      for (const repository of REPOSITORIES) {
        await server.api.createRepository(repository);
        ledger.repositories.add(repository);
      }
    } else {
      startsMs.push(server.readyAfterMs);
      const audit = new Audit(server, ledger);
      uploads.push(await audit.finishUploads());
      await audit.recent();
      if (kill === kills) await audit.everything();
      await audit.close();
    }
    const plan = plans[kill];
    if (plan !== undefined) await pushAndKill({ random: context.random, plan, server, ledger, doors, round: kill });
    await server.api.close();
  }
  assert.ok(server);
  const ending = await server.process.stop();
  assert.deepEqual(ending, { exitCode: 0, signal: null }, server.process.log());
  const left = await checkDataDirectory(data);
  const refused = uploads.flatMap((cut) => cut.refused);
  const seen =
    `${kills} kills; ${ledger.summary}; ${uploadCounts(uploads)}, ${refused.length} refused; ` +
    `starts after a kill: median ${median(startsMs).toFixed(0)} ms, longest ${Math.max(...startsMs).toFixed(0)} ms; ${left}`;
  assert.equal(refused.length, 0, `uploads could not go on after a restart: ${refused[0]}\n${seen}`);
  return seen;
}

function uploadCounts(uploads: readonly CutUploads[]): string {
  const sum = (key: "resumed" | "done" | "gone"): number => uploads.reduce((total, cut) => total + cut[key], 0);
  return `cut uploads: ${sum("resumed")} resumed, ${sum("done")} were done, ${sum("gone")} gone`;
}

/** When a server is killed. */
interface Plan {
  /** Behind how many requests that make something visible; absent for a moment that has nothing to do with them. */
  readonly commits: number | undefined;
  readonly waitMs: number;
}

function planOf(random: Random): Plan {
  const aimed = random.chance(AIMED_SHARE);
  const commits = random.integer(1, MOST_COMMITS_BEFORE_KILL);
  const waitMs = random.integer(0, aimed ? MOST_AIMED_DELAY_MS : MOST_DELAY_MS);
  return { commits: aimed ? commits : undefined, waitMs };
}

interface KillOptions {
  readonly random: Random;
  readonly plan: Plan;
  readonly server: RunningStowage;
  readonly ledger: Ledger;
  readonly doors: readonly DoorName[];
  readonly round: number;
}

async function pushAndKill({ random, plan, server, ledger, doors, round }: KillOptions): Promise<void> {
  const commits = new EventTarget();
  let committed = 0;
  const reached = once(commits, "reached", { signal: AbortSignal.timeout(PATIENCE_MS) });
  reached.catch(() => undefined); // nobody waits for it when the moment is another
  const committing = (): void => {
    committed += 1;
    if (committed === plan.commits) commits.dispatchEvent(new Event("reached"));
  };
  let dying = false;
  const pushers = Array.from({ length: PUSHERS }, (_, at) => {
    const door = doors[at % doors.length] ?? "v2";
    const repository = REPOSITORIES[Math.floor(at / doors.length) % REPOSITORIES.length] ?? "";
    return new Pusher({ stowage: server, ledger, random, door, repository, name: `k${round}-p${at}`, committing });
  });
  const unexpected: unknown[] = [];
  const pushing = pushers.map((pusher) =>
    pusher.pushForEver().catch((error: unknown) => {
      if (!dying || isAnswer(error)) unexpected.push(error);
    }),
  );
  const failed = Promise.all(pushing).then(() => undefined); // they end by the kill alone
  if (plan.commits !== undefined) await Promise.race([reached, failed]);
  if (plan.waitMs > 0) await delay(plan.waitMs);
  dying = true;
  await server.process.kill();
  await failed;
  for (const pusher of pushers) await pusher.close();
  assert.deepEqual(unexpected, [], `a pusher was answered what it should not have been\n${server.process.log()}`);
}
