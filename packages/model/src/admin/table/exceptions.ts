import type { ExceptionEntry } from "../../table/table.ts";

/** Those named as in the ECR API are the same classes; only the others are generated for this table. */
export const exceptions: Readonly<Record<string, ExceptionEntry>> = {
  AccessKeyNotFoundException: { fault: "client" },
  DeleteConflictException: { fault: "client" },
  EntityAlreadyExistsException: { fault: "client" },
  InvalidParameterException: { fault: "client" },
  LimitExceededException: { fault: "client" },
  MalformedPolicyDocumentException: { fault: "client" },
  NoSuchEntityException: { fault: "client" },
  ServerException: { fault: "server" },
};
