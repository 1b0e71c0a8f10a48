import { PlatformOciClient } from "../oci/oci-client.ts";
import type { OciClientOptions } from "../oci/options.ts";
import { ociPlatform } from "./oci-platform.ts";

/** An OCI registry, for browsers: what is downloaded streams, what is uploaded goes in parts. */
export class OciClient extends PlatformOciClient {
  constructor(options: OciClientOptions) {
    super(options, ociPlatform);
  }
}
