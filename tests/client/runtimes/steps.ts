import type { EcrClientOptions } from "@stowage/client";

const STEP_DEADLINE_MS = 15_000;

export interface Exercise {
  /** How to reach a registry that is up, and that verifies who calls. */
  readonly options: EcrClientOptions;
  /** Another registry. */
  readonly otherOptions: EcrClientOptions;
  /** An address that takes connections and never answers. */
  readonly silentEndpoint: string;
  /** A registry of faults; the exercise is its only caller. */
  readonly faultyEndpoint: string;
  /** An empty folder, for runtimes that have files. */
  readonly folder: string;
}

/** What is done on a stage, by name. Steps use nothing but standard globals, and may build on those before them. */
export type Steps<Stage> = Readonly<Record<string, (stage: Stage) => Promise<boolean>>>;

/** @returns one line a step, which begins with `ok` or `failed` */
export async function perform<Stage>(steps: Steps<Stage>, stage: Stage): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [name, step] of Object.entries(steps)) {
    const outcome = await inTime(step(stage)).catch((error: unknown) => String(error));
    lines.push(outcome === true ? `ok ${name}` : `failed ${name}: ${String(outcome)}`);
  }
  return lines;
}

/** What hangs is to be told by its name. */
async function inTime(outcome: Promise<boolean>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("It takes too long")), STEP_DEADLINE_MS);
  });
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
  }
}
