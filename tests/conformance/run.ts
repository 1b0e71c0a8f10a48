import { RegistryClient } from "../wire/oci/client.ts";
import type { Version } from "./versions.ts";

export type Outcome = "pass" | "skip" | "fail";

/** One check, as the original program counts them. */
export interface Check {
  readonly name: string;
  readonly outcome: Outcome;
  /** Why it was skipped or failed. */
  readonly reason?: string;
}

/** The registry declines something that the specification leaves to it; the original program counts that as skipped. */
export class Declined extends Error {
  override readonly name = "Declined";
}

/** The ways of pushing a blob. */
export type BlobPush = "post+put" | "post only" | "stream" | "chunked";

/** One pass over a registry at one version: the client, two repositories, and what was found. */
export class Run {
  readonly version: Version;
  readonly client: RegistryClient;
  readonly repository1: string;
  readonly repository2: string;
  readonly checks: Check[] = [];
  /** Ways of pushing that were tried, by algorithm, so that every way gets its turn. */
  readonly tried = new Set<string>();

  constructor(
    version: Version,
    target: { origin: string; authorization: string; repository1: string; repository2: string },
  ) {
    this.version = version;
    this.client = new RegistryClient(target.origin, target.authorization);
    this.repository1 = target.repository1;
    this.repository2 = target.repository2;
  }

  /** Runs one check and notes what came of it. @returns whether it passed */
  async check(name: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.checks.push({ name, outcome: "pass" });
      return true;
    } catch (error) {
      const outcome = error instanceof Declined ? "skip" : "fail";
      this.checks.push({ name, outcome, reason: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  /** Notes a check that this version does not ask for. */
  skip(name: string, reason: string): void {
    this.checks.push({ name, outcome: "skip", reason });
  }

  failures(): readonly Check[] {
    return this.checks.filter(({ outcome }) => outcome === "fail");
  }
}
