import type { BenchCase } from "../harness/case.ts";
import { concurrency } from "./concurrency.ts";
import { copy1Gib } from "./copy.ts";
import { listPage } from "./list-page.ts";
import { manifestGet } from "./manifest-get.ts";
import { memory } from "./memory.ts";
import { pull1Gib } from "./pull-1gib.ts";
import { push1Gib } from "./push-1gib.ts";
import { restart } from "./restart.ts";
import { signedCalls } from "./signed-calls.ts";

/** In the order in which they run: those that compare with a peer first, while the machine has done the least. */
export const cases: readonly BenchCase[] = [
  pull1Gib,
  push1Gib,
  copy1Gib,
  manifestGet,
  signedCalls,
  concurrency,
  memory,
  listPage,
  restart,
];
