/** How a shell, or a program, is told variables. */
export type EnvFormat = "sh" | "fish" | "powershell" | "json";

export const ENV_FORMATS: readonly EnvFormat[] = ["sh", "fish", "powershell", "json"];

export interface Variables {
  readonly set: Readonly<Record<string, string>>;
  /** Would win over those that are set. */
  readonly unset: readonly string[];
}

/** Text to be evaluated; each value is quoted unless it is plain in every shell. */
export function formatVariables(format: EnvFormat, { set, unset }: Variables): string {
  const entries = Object.entries(set);
  switch (format) {
    case "sh":
      return lines([...entries.map(([name, value]) => `export ${name}=${posix(value)}`), `unset ${unset.join(" ")}`]);
    case "fish":
      return lines([
        ...entries.map(([name, value]) => `set -gx ${name} ${fish(value)}`),
        ...unset.map((name) => `set -e ${name}`),
      ]);
    case "powershell":
      return lines([
        ...entries.map(([name, value]) => `$env:${name} = '${value.replaceAll("'", "''")}'`),
        ...unset.map((name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`),
      ]);
    case "json":
      return `${JSON.stringify(set, undefined, 2)}\n`;
  }
}

const PLAIN = /^[A-Za-z0-9_/:.@%+,-]+$/;

function posix(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

function fish(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
