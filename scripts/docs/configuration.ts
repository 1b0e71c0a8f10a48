import { ECR_QUOTAS } from "@stowage/registry";
import { z } from "zod";
import { configSchema } from "../../packages/server/src/config/schema.ts";
import { settings } from "../../packages/server/src/config/settings.ts";
import { generatedFile } from "../generated-file.ts";

interface Described {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Described>>;
}

const INTRODUCTION = `# Configuration

Each setting is a flag of \`stowage serve\`, an environment variable and a key of the YAML file that \`--config\` names. A flag counts before a variable, and a variable before the file. A key that is not in this list stops the start; a variable \`STOWAGE_…\` that is not gives a warning.

Two variables are no settings: \`STOWAGE_CONFIG\` names the file, and \`STOWAGE_MASTER_KEY\` holds the master key in base64 where it should not lie in the data directory.

The file nests at the dots: \`tls.cert\` is \`cert\` under \`tls\`.

| Key | Flag | Variable | Default | Meaning |
|---|---|---|---|---|
`;

/** Texts that stand for what a default depends on. */
const COMPUTED: Readonly<Record<string, string>> = {
  data: "`.stowage` in a checkout, else the platform's folder for user data",
  listen: "`127.0.0.1:5100`",
  uriStyle: "`local`",
  account: "`000000000000`",
  "tls.cert": "none",
  "tls.key": "none",
};

export function generateConfiguration(check: boolean): Promise<readonly string[]> {
  const schema = z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as Described;
  const rows = settings.map(({ key, flag, variable }) => {
    const described = find(schema, key.split("."));
    if (described.description === undefined) throw new Error(`The setting ${key} has no description`);
    return `| \`${key}\` | \`--${flag}\` | \`${variable}\` | ${standard(key, described)} | ${described.description} |`;
  });
  return generatedFile("docs/configuration.md", `${INTRODUCTION}${rows.join("\n")}\n`, check);
}

function find(schema: Described, path: readonly string[]): Described {
  const [first, ...rest] = path;
  if (first === undefined) return schema;
  const member = schema.properties?.[first];
  if (member === undefined) throw new Error(`The schema has no ${path.join(".")}`);
  return find(member, rest);
}

function standard(key: string, described: Described): string {
  const computed = COMPUTED[key];
  if (computed !== undefined) return computed;
  const quota = new Map<string, number>(Object.entries(ECR_QUOTAS)).get(key.slice("quotas.".length));
  return `\`${String(key.startsWith("quotas.") ? quota : described.default)}\``;
}
