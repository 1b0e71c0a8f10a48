import { InvalidParameterException } from "../ecr/generated/errors.ts";
import { createValidator } from "../table/validate.ts";
import type { Validator } from "../table/validate.ts";
import type { AdminOperationName } from "./generated/types.ts";
import { constraints } from "./table/constraints.ts";
import { adminTable } from "./table/table.ts";

/** Validation of the administration door, in the texts of the ECR API. */
export const adminValidator: Validator<AdminOperationName> = /* @__PURE__ */ createValidator<AdminOperationName>(
  adminTable,
  { constraints, memberPatterns: {}, shortWording: {}, safePatterns: {}, printedEnums: {} },
  {
    parameter: (message) => new InvalidParameterException(message),
    validation: (message) => new InvalidParameterException(message),
  },
);
