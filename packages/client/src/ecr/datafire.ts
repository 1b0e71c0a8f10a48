import { ecrExceptions } from "@stowage/model";
import type { Operations } from "@stowage/model";
import type { Platform } from "../platform.ts";
import { EcrConnection } from "./connection.ts";
import * as operations from "./generated/operations.ts";
import { metadataOf } from "./metadata.ts";
import type { EcrClientOptions } from "./options.ts";

/** What DataFire hands to an action; of it the account of ECR counts, before the one that `create` was given. */
export interface DataFireContext {
  readonly accounts?: { readonly amazonaws_ecr?: EcrClientOptions | undefined } | undefined;
}

/** A value as JSON has it: times are ISO 8601 texts. */
export type Json<T> = T extends Date ? string : T extends object ? { [K in keyof T]: Json<T[K]> } : T;

/** Bytes may be given as text, whose UTF-8 bytes are meant. */
type Input<T> = { [K in keyof T]: T[K] extends Uint8Array ? Uint8Array | string : T[K] };

/** The operations of ECR as DataFire's integration has them. An error has its `code` and `statusCode`. */
export type DataFireEcr = {
  readonly [N in keyof Operations]: (
    input?: Input<Operations[N]["input"]>,
    context?: DataFireContext,
  ) => Promise<Json<Operations[N]["output"]>>;
};

type Action = (input?: object, context?: DataFireContext) => Promise<unknown>;

export function createDataFire(account: EcrClientOptions, platform: Platform): DataFireEcr {
  const connections = new WeakMap<EcrClientOptions, EcrConnection>();
  const connectionOf = (options: EcrClientOptions): EcrConnection => {
    const connection = connections.get(options) ?? new EcrConnection(options, platform, ecrExceptions);
    connections.set(options, connection);
    return connection;
  };
  const actions: Record<string, Action> = {};
  for (const operation of Object.values(operations)) {
    actions[operation.operationName] = async (input = {}, context = {}) => {
      const connection = connectionOf(context.accounts?.amazonaws_ecr ?? account);
      try {
        return JSON.parse(JSON.stringify(await connection.call(operation, withBytes(input)))) as unknown;
      } catch (error) {
        throw error instanceof Error ? withCode(error) : error;
      }
    };
  }
  // The table that the exports are generated from has exactly the operations of the type.
  return actions as unknown as DataFireEcr;
}

function withBytes(input: object): object {
  const { layerPartBlob } = input as { readonly layerPartBlob?: unknown };
  return typeof layerPartBlob === "string"
    ? { ...input, layerPartBlob: new TextEncoder().encode(layerPartBlob) }
    : input;
}

/** Names what callers of the AWS SDK's version 2 look at. */
function withCode(error: Error): Error {
  const metadata = metadataOf(error);
  return Object.assign(error, { code: error.name, statusCode: metadata?.httpStatus, requestId: metadata?.requestId });
}
