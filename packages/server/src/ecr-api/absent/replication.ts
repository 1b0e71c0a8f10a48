import { ReplicationBackfillNotFoundException, type DescribeImageReplicationStatusRequest } from "@stowage/model";
import type { EcrOperations } from "../operation.ts";
import { emptyPage, nothingStored, ofImage, type AbsentParts } from "./absent.ts";

type Replication = Pick<
  EcrOperations,
  | "PutReplicationConfiguration"
  | "DescribeImageReplicationStatus"
  | "StartReplicationBackfill"
  | "StopReplicationBackfill"
  | "DescribeReplicationBackfillResults"
  | "ListReplicationBackfills"
>;

export const replication = (parts: AbsentParts): Replication => ({
  // An empty list turns replication off, which it is.
  PutReplicationConfiguration: async ({ replicationConfiguration: { rules } }) =>
    rules.length === 0 ? { replicationConfiguration: { rules } } : nothingStored("PutReplicationConfiguration"),
  DescribeImageReplicationStatus: ofImage(
    parts,
    ({ repositoryName, imageId }: DescribeImageReplicationStatusRequest) => ({
      repositoryName,
      imageId,
      replicationStatuses: [],
    }),
  ),
  StartReplicationBackfill: () => nothingStored("StartReplicationBackfill"),
  StopReplicationBackfill: noBackfill,
  DescribeReplicationBackfillResults: noBackfill,
  ListReplicationBackfills: async (input, call) => ({
    registryId: call.registry.registryId,
    backfills: await emptyPage(parts, { operation: "ListReplicationBackfills", input, call }),
  }),
});

function noBackfill({ replicationBackfillId }: { readonly replicationBackfillId: string }): never {
  throw new ReplicationBackfillNotFoundException(
    `The replication backfill with id '${replicationBackfillId}' does not exist`,
  );
}
