import { EcrConnection } from "../ecr/connection.ts";
import { PlatformEcrClient } from "../ecr/generated/platform-ecr-client.ts";
import type { EcrClientOptions } from "../ecr/options.ts";
import { platform } from "./platform.ts";

/**
 * Amazon ECR's API, and Stowage's, for Node, Bun and Deno. Region, endpoint and credentials come from the environment and
 * the shared files of AWS where the options have none.
 */
export class EcrClient extends PlatformEcrClient {
  constructor(options: EcrClientOptions = {}) {
    super(options, platform);
  }
}

/** A client in one line: `create({ accessKeyId, secretAccessKey, region })`. */
export function create(options: EcrClientOptions = {}): EcrClient {
  return new EcrClient(options);
}

/** What operations are called on when each is imported by itself: `batchGetImage(connect({ region }), input)`. */
export function connect(options: EcrClientOptions = {}): EcrConnection {
  return new EcrConnection(options, platform);
}
