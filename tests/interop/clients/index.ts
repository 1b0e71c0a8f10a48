import type { Scenario } from "../scenario.ts";
import { crane } from "./crane.ts";

/** Every client, in the order of the run: those that need least come first. */
export const scenarios: readonly Scenario[] = [crane];
