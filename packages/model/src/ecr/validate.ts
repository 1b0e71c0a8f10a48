import { createValidator } from "../table/validate.ts";
import type { ValidationRules, Validator } from "../table/validate.ts";
import { InvalidParameterException, ValidationException } from "./generated/errors.ts";
import type { OperationName } from "./generated/types.ts";
import { constraints } from "./table/constraints.ts";
import { ecrTable } from "./table/table.ts";

const REPOSITORY_NAME = String.raw`[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`;

/** Texts as observed on AWS; the few that differ from the rule are told here. */
export const ecrRules: ValidationRules = {
  constraints,
  memberPatterns: { "PutImageRequest.imageTag": "[a-zA-Z0-9-_.]+" },
  shortWording: { RepositoryName: { field: "repositoryName", pattern: REPOSITORY_NAME } },
  // The model's form lets each character be its own group, which doubles the ways to fail with every one of them.
  safePatterns: { ScanningRepositoryFilterValue: String.raw`[a-z0-9*]+(?:[._\-/][a-z0-9*]+)*` },
  printedEnums: {
    ImageTagMutability: ["IMMUTABLE", "MUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"],
  },
};

/** Validation of the Amazon ECR API with ECR's own texts. */
export const ecrValidator: Validator<OperationName> = /* @__PURE__ */ createValidator<OperationName>(
  ecrTable,
  ecrRules,
  {
    parameter: (message) => new InvalidParameterException(message),
    validation: (message) => new ValidationException(message),
  },
);
