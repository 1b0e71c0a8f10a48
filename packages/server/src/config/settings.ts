import type { z } from "zod";
import { configSchema } from "./schema.ts";

/** One leaf of the configuration, with its three names. */
export interface Setting {
  /** Path of keys in the file, `tls.cert`. */
  readonly key: string;
  /** Without dashes, `tls-cert`. */
  readonly flag: string;
  /** `STOWAGE_TLS_CERT` */
  readonly variable: string;
  readonly kind: "text" | "number" | "boolean";
}

/** Variables that are no settings: a secret that no file or flag should hold, and where the file is. */
export const OTHER_VARIABLES = ["STOWAGE_MASTER_KEY", "STOWAGE_CONFIG"];

export const settings: readonly Setting[] = leavesOf(configSchema, []);

/** Wrappers such as defaults have an inner type; pipes read their input first. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
}

function leavesOf(schema: z.core.$ZodType, path: readonly string[]): Setting[] {
  const definition = schema._zod.def as Definition;
  const inner = definition.innerType ?? definition.in;
  if (inner !== undefined) return leavesOf(inner, path);
  if (definition.shape !== undefined) {
    return Object.entries(definition.shape).flatMap(([name, member]) => leavesOf(member, [...path, name]));
  }
  const flag = path.map(kebab).join("-");
  const kind = definition.type === "number" || definition.type === "boolean" ? definition.type : "text";
  return [{ key: path.join("."), flag, variable: `STOWAGE_${flag.toUpperCase().replaceAll("-", "_")}`, kind }];
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
