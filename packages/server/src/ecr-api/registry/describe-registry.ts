import type { Operation } from "../operation.ts";

/** No rule can be stored yet, so there is none. */
export const describeRegistry = (): Operation<"DescribeRegistry"> => (_input, call) =>
  Promise.resolve({ registryId: call.registry.registryId, replicationConfiguration: { rules: [] } });
