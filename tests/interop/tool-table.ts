/** A Go program of one exact version, built into the cache folder. */
export interface GoTool {
  readonly kind: "go";
  readonly version: string;
  readonly package: string;
  /** Built inside an empty module: `go install` refuses it because its own module file replaces dependencies. */
  readonly inModule?: true;
}

/** A Python distribution of one exact version in a virtual environment of its own. */
export interface PythonTool {
  readonly kind: "python";
  readonly version: string;
  readonly distribution: string;
  readonly program: string;
}

/** A package of JavaScript of one exact version, in a folder of its own. */
export interface NpmTool {
  readonly kind: "npm";
  readonly version: string;
  readonly package: string;
}

/** A program of a Debian package, in whatever version the distribution has. */
export interface DebianTool {
  readonly kind: "debian";
  readonly package: string;
  readonly program: string;
}

export type Tool = GoTool | PythonTool | NpmTool | DebianTool;

export const tools = {
  crane: go("v0.22.1", "github.com/google/go-containerregistry", "cmd/crane"),
  regctl: go("v0.11.7", "github.com/regclient/regclient", "cmd/regctl"),
  helm: go("v3.22.0", "helm.sh/helm/v3", "cmd/helm"),
  cosign: go("v2.6.5", "github.com/sigstore/cosign/v2", "cmd/cosign"),
  oras: { ...go("v1.2.3", "oras.land/oras", "cmd/oras"), inModule: true },
  "ecr-login": go(
    "v0.12.0",
    "github.com/awslabs/amazon-ecr-credential-helper/ecr-login",
    "cli/docker-credential-ecr-login",
  ),
  "aws-v1": { kind: "python", version: "1.46.2", distribution: "awscli", program: "bin/aws" },
  boto3: { kind: "python", version: "1.44.5", distribution: "boto3", program: "bin/python" },
  "mcp-python": { kind: "python", version: "2.3.0", distribution: "mcp", program: "bin/python" },
  "mcp-js-v1": { kind: "npm", version: "1.32.2", package: "@modelcontextprotocol/sdk" },
  "mcp-js-v2": { kind: "npm", version: "2.4.0", package: "@modelcontextprotocol/client" },
  "aws-v2": debian("awscli", "/usr/bin/aws"),
  "ecr-login-debian": debian("amazon-ecr-credential-helper", "/usr/bin/docker-credential-ecr-login"),
  docker: debian("docker.io", "/usr/bin/docker"),
  dockerd: debian("docker.io", "/usr/sbin/dockerd"),
  podman: debian("podman", "/usr/bin/podman"),
  buildah: debian("buildah", "/usr/bin/buildah"),
  skopeo: debian("skopeo", "/usr/bin/skopeo"),
  containerd: debian("containerd", "/usr/bin/containerd"),
  ctr: debian("containerd", "/usr/bin/ctr"),
  runc: debian("runc", "/usr/sbin/runc"),
  zsh: debian("zsh", "/usr/bin/zsh"),
  fish: debian("fish", "/usr/bin/fish"),
  openssl: debian("openssl", "/usr/bin/openssl"),
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

export function isToolName(text: string): text is ToolName {
  return Object.hasOwn(tools, text);
}

function go(version: string, module: string, path: string): GoTool {
  return { kind: "go", version, package: `${module}/${path}` };
}

function debian(name: string, program: string): DebianTool {
  return { kind: "debian", package: name, program };
}
