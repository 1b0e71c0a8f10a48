import type { ServiceTable } from "../../table/table.ts";
import { exceptions } from "./exceptions.ts";
import { operations } from "./operations.ts";
import { shapes } from "./shapes.ts";

/** The administration door as data, in the same form as the ECR API. */
export const adminTable: ServiceTable = {
  targetPrefix: "Stowage_V1",
  signingName: "stowage",
  apiVersion: "2026-11-01",
  shapes,
  operations,
  exceptions,
};
