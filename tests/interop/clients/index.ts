import type { Scenario } from "../scenario.ts";
import { awsCliV1, awsCliV2 } from "./aws-cli.ts";
import { boto3 } from "./boto3.ts";
import { buildah } from "./buildah.ts";
import { completion } from "./completion.ts";
import { containerd } from "./containerd.ts";
import { cosign } from "./cosign.ts";
import { credentialHelper, credentialHelperDebian } from "./credential-helper.ts";
import { crane } from "./crane.ts";
import { docker } from "./docker.ts";
import { helm } from "./helm.ts";
import { iam } from "./iam.ts";
import { largeLayer } from "./large-layer.ts";
import { mcpJsV1, mcpJsV2 } from "./mcp-js.ts";
import { mcpPython } from "./mcp-python.ts";
import { oras } from "./oras.ts";
import { podman } from "./podman.ts";
import { regctl } from "./regctl.ts";
import { sdkJs } from "./sdk-js.ts";
import { skopeo } from "./skopeo.ts";

/** Every client, in the order of the run. */
export const scenarios: readonly Scenario[] = [
  awsCliV1,
  awsCliV2,
  boto3,
  sdkJs,
  docker,
  podman,
  buildah,
  skopeo,
  containerd,
  crane,
  oras,
  regctl,
  helm,
  cosign,
  credentialHelper,
  credentialHelperDebian,
  iam,
  completion,
  mcpJsV1,
  mcpJsV2,
  mcpPython,
  largeLayer,
];
