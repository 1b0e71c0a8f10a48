import type { Scenario } from "../scenario.ts";
import { buildah } from "./buildah.ts";
import { containerd } from "./containerd.ts";
import { cosign } from "./cosign.ts";
import { crane } from "./crane.ts";
import { docker } from "./docker.ts";
import { helm } from "./helm.ts";
import { oras } from "./oras.ts";
import { podman } from "./podman.ts";
import { regctl } from "./regctl.ts";
import { skopeo } from "./skopeo.ts";

/** Every client, in the order of the run. */
export const scenarios: readonly Scenario[] = [
  docker,
  containerd,
  podman,
  buildah,
  skopeo,
  crane,
  regctl,
  oras,
  helm,
  cosign,
];
