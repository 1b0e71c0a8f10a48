import { PlatformOciClient } from "../oci/oci-client.ts";
import type { OciClientOptions } from "../oci/options.ts";
import { ociPlatform } from "./oci-platform.ts";

/** An OCI registry, for Node, Bun and Deno: bodies stream in both directions. */
export class OciClient extends PlatformOciClient {
  constructor(options: OciClientOptions) {
    super(options, ociPlatform);
  }
}
