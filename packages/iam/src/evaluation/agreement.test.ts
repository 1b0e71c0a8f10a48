import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { documents, question } from "../../test/arbitraries.ts";
import { requestOf, setsOf } from "../../test/ask.ts";
import type { Outcome } from "../../test/documents.ts";
import { naiveDecision } from "../../test/naive-evaluator.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain.ts";

const POLICY_SETS = 2_500;
const QUESTIONS_EACH = 40;

describe("evaluate", () => {
  it(
    "agrees with a second, straightforward reading of AWS's rules in 100,000 random cases",
    { timeout: 120_000 },
    () => {
      const seen: Record<Outcome, number> = { allowed: 0, explicitDeny: 0, implicitDeny: 0 };
      const questions = fc.array(question, { minLength: QUESTIONS_EACH, maxLength: QUESTIONS_EACH });
      fc.assert(
        fc.property(documents, questions, (given, asked) => {
          const sets = setsOf(given);
          for (const one of asked) {
            const request = requestOf(one);
            const { decision } = evaluate(sets, request);
            expect({ decision, given, one }).toEqual({ decision: naiveDecision(given, one), given, one });
            seen[decision] += 1;
          }
        }),
        { numRuns: POLICY_SETS },
      );
      const total = seen.allowed + seen.explicitDeny + seen.implicitDeny;
      expect(total).toBe(POLICY_SETS * QUESTIONS_EACH);
      // Random policies that hardly ever allow would prove little.
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(total / 20);
    },
  );

  it("is what explain decides, by statements that explain calls matched", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(documents, question, (given, one) => {
        const [sets, request] = [setsOf(given), requestOf(one)];
        const { statements, ...decision } = explain(sets, request);
        expect(decision).toEqual(evaluate(sets, request));
        for (const { source, policy, index } of decision.decidedBy) {
          const own = statements.filter((trace) => trace.source === source && trace.policy === policy);
          expect(own.some((trace) => trace.index === index && trace.matched)).toBe(true);
        }
        expect(statements.every(({ matched, failed }) => matched === (failed === undefined))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
