import type { ServiceTable } from "../../table/table.ts";
import { collections } from "./collections.ts";
import { exceptions } from "./exceptions.ts";
import { messages } from "./messages.ts";
import { operations } from "./operations.ts";
import { scalars } from "./scalars.ts";
import { structures } from "./structures.ts";

/** The Amazon ECR API as data. Source: the service models of November 2026. */
export const ecrTable: ServiceTable = {
  targetPrefix: "AmazonEC2ContainerRegistry_V20150921",
  signingName: "ecr",
  apiVersion: "2015-09-21",
  shapes: { ...scalars, ...collections, ...structures, ...messages },
  operations,
  exceptions,
};
