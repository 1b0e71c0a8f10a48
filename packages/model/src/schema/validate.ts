import { ecrTable } from "../ecr/table/table.ts";
import { ecrValidator } from "../ecr/validate.ts";
import type { Issue } from "../table/validate.ts";
import type { ShapeName } from "./generated/shape-names.ts";
import { typeIssues } from "./type-issues.ts";

/**
 * What is wrong with a value of the named shape of the ECR API, such as `CreateRepositoryRequest`; empty when nothing is.
 * Values are as the types have them: times are Date, blobs Uint8Array. Members that the shape does not have are passed over,
 * as the service does. At most MAX_ISSUES of values of another type come first, then as many that break a constraint.
 * @returns issues with path, constraint and the message that ECR answers
 */
export function validate(shapeName: ShapeName, value: unknown): readonly Issue[] {
  const wrongTypes = typeIssues(ecrTable, shapeName, value);
  const breaches = ecrValidator.validate(shapeName, value);
  if (wrongTypes.length === 0) return breaches;
  return [...wrongTypes, ...breaches.filter(({ path }) => !wrongTypes.some((wrong) => isWithin(path, wrong.path)))];
}

function isWithin(path: Issue["path"], outer: Issue["path"]): boolean {
  return outer.every((step, index) => path[index] === step);
}
