import { slowClients, vanishingClients } from "./clients.ts";
import { firstStart } from "./first-start.ts";
import { fullDatabase, fullDisk } from "./full-disk.ts";
import { killsThroughApi, killsThroughBoth, killsThroughRegistry } from "./kills.ts";
import { manyClients } from "./many-clients.ts";
import type { Scenario } from "./scenario.ts";
import { stopping } from "./stopping.ts";

export const scenarios: readonly Scenario[] = [
  killsThroughRegistry,
  killsThroughApi,
  killsThroughBoth,
  firstStart,
  stopping,
  fullDisk,
  fullDatabase,
  manyClients,
  vanishingClients,
  slowClients,
];
