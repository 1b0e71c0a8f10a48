import type { ExceptionEntry } from "../../table/table.ts";

/** Those named as in the ECR API are the same classes; only the others are generated for this table. */
export const exceptions: Readonly<Record<string, ExceptionEntry>> = {
  AccessKeyNotFoundException: { fault: "client" },
  InvalidParameterException: { fault: "client" },
  LimitExceededException: { fault: "client" },
  ServerException: { fault: "server" },
};
