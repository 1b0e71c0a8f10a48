import { isIP } from "node:net";
import { isRegistryId, type RegistryId } from "@stowage/model";
import { ECR_QUOTAS, type Quotas } from "@stowage/registry";
import { z } from "zod";
import type { UriStyle } from "../auth/addresses.ts";
import { DEFAULT_LIMITS, type TransportLimits } from "../transport/limits.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::[0-9]{1,5})?$/i;
const REGION = /^[a-z][a-z0-9-]{1,24}$/;
const MAX_PORT = 65_535;

const listen = z.string().transform((text, context): ListenAddress => {
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, Math.max(0, colon)).replace(/^\[(.*)\]$/, "$1");
  const port = /^[0-9]{1,5}$/.test(text.slice(colon + 1)) ? Number(text.slice(colon + 1)) : Number.NaN;
  const isHost = text.startsWith("[") ? isIP(host) === 6 : HOST_NAME.test(host);
  if (colon === -1 || !isHost || !(port <= MAX_PORT)) {
    context.addIssue({ code: "custom", message: "must be HOST:PORT, such as 127.0.0.1:5100 or [::1]:0" });
    return z.NEVER;
  }
  return { host, port };
});

// YAML reads bare digits as a number, which loses leading zeros; an account has always 12 digits, so they can be put back.
const account = z.union([z.string(), z.int().nonnegative()]).transform((value, context): RegistryId => {
  const text = typeof value === "number" ? String(value).padStart(12, "0") : value;
  if (isRegistryId(text)) return text;
  context.addIssue({ code: "custom", message: "must have 12 digits" });
  return z.NEVER;
});

const uriStyle = z.string().transform((text, context): UriStyle => {
  if (text === "local" || text === "aws") return text;
  if (text.length <= 253 && text.includes(".") && DOMAIN.test(text)) return { domain: text.toLowerCase() };
  context.addIssue({ code: "custom", message: "must be local, aws or a domain such as registry.example.com" });
  return z.NEVER;
});

const ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::[0-9]{1,5})?$/i;

const origins = z.string().transform((text, context): readonly string[] => {
  const names = text
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  if (names.every((name) => ORIGIN.test(name))) return names;
  context.addIssue({
    code: "custom",
    message: "must be origins such as https://console.example.com, separated by commas",
  });
  return z.NEVER;
});

const file = z.string().min(1, "must name a file");
const limit = z.int("must be a whole number").positive("must be above 0");

const QUOTA_SENTENCES: Readonly<Record<keyof Quotas, string>> = {
  maxRepositories: "repositories in a registry",
  maxImagesPerRepository: "images in a repository",
  maxTagsPerImage: "tags on an image",
  maxResourceTags: "resource tags on a repository",
  maxManifestBytes: "bytes of a manifest",
  maxLayerBytes: "bytes of a layer",
  minPartBytes: "least bytes of a part of UploadLayerPart that is not the last",
  maxPartBytes: "bytes of a part of UploadLayerPart",
  maxParts: "parts of an upload",
  uploadLifeMs: "milliseconds that an upload may stay open",
  uploadLeaseMs: "milliseconds of silence after which another process may take an upload over",
  holdMs: "milliseconds that a blob stays after a client was told of it, although no manifest names it",
};

function quotaFields(): Record<keyof Quotas, z.ZodOptional<typeof limit>> {
  const names = Object.keys(ECR_QUOTAS) as (keyof Quotas)[];
  return Object.fromEntries(names.map((name) => [name, limit.optional().describe(QUOTA_SENTENCES[name])])) as never;
}

const LIMIT_SENTENCES: Readonly<Record<keyof TransportLimits, string>> = {
  connections: "connections open at once; further ones are closed",
  headerBytes: "bytes of a request's target and headers",
  headerCount: "header lines of a request",
  targetBytes: "bytes of a request's target",
  headersTimeoutMs: "milliseconds from the first byte of a request to the end of its headers",
  bodyIdleTimeoutMs: "milliseconds within which a body must bring limits.bodyProgressBytes",
  bodyProgressBytes: "bytes that count as progress of a body",
  writeIdleTimeoutMs: "milliseconds that a client may take nothing of a reply",
  keepAliveTimeoutMs: "milliseconds that a connection may be idle between requests",
  pipelined: "requests that may wait on one connection",
  drainBytes: "bytes of an unread body that are received so that its refusal arrives",
  drainTimeoutMs: "milliseconds that this may take",
  fileBuffers: "buffers of 1 MiB that downloads use at once; beyond them a download uses smaller ones",
  tlsHandshakeTimeoutMs: "milliseconds that a TLS handshake may take",
  certificatePollMs: "milliseconds between two looks at the certificate files",
};

function limitFields(): Record<keyof TransportLimits, z.ZodDefault<typeof limit>> {
  const limits = Object.entries(DEFAULT_LIMITS) as [keyof TransportLimits, number][];
  return Object.fromEntries(
    limits.map(([name, value]) => [name, limit.default(value).describe(LIMIT_SENTENCES[name])]),
  ) as never;
}

/**
 * Every setting. A nested key `a.bC` is the flag `--a-b-c` and the variable `STOWAGE_A_B_C`; leaves are texts, numbers or
 * booleans.
 */
export const configSchema = z.strictObject({
  data: file.describe("directory that holds everything"),
  listen: listen.default({ host: "127.0.0.1", port: 5100 }).describe("address to listen on; port 0 picks a free one"),
  account: account.default("000000000000" as RegistryId).describe("account of callers that name none, 12 digits"),
  region: z
    .string()
    .regex(REGION, "must be the name of a region")
    .default("us-east-1")
    .describe("region of callers that name none"),
  open: z.boolean().default(false).describe("accept any credentials, and none; enforce no policies"),
  openToNetwork: z.boolean().default(false).describe("let --open listen beyond this machine"),
  uriStyle: uriStyle.default("local").describe("how repositories are called: local, aws or a DOMAIN"),
  tls: z
    .strictObject({
      cert: file.optional().describe("certificate chain in PEM; with it the listener speaks TLS"),
      key: file.optional().describe("the certificate's private key in PEM"),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(["debug", "info", "warn", "error", "silent"])
        .default("info")
        .describe("least that is logged: debug, info, warn, error or silent"),
      access: z.boolean().default(true).describe("a line for each request"),
    })
    .prefault({}),
  metrics: z.boolean().default(true).describe("serve /metrics"),
  cors: z
    .strictObject({
      origins: origins
        .default([])
        .describe("origins whose pages may call the APIs, separated by commas; none by default"),
    })
    .prefault({}),
  anonymous: z
    .strictObject({
      pull: z
        .boolean()
        .default(false)
        .describe("let callers without credentials pull where a repository policy allows everyone; ECR never does"),
    })
    .prefault({}),
  push: z
    .strictObject({
      idempotentImmutableTags: z
        .boolean()
        .default(false)
        .describe("answer 201 when a push to an immutable tag would change nothing; ECR refuses it"),
    })
    .prefault({}),
  shutdown: z
    .strictObject({ drainSeconds: z.number().min(0).max(86_400).default(30).describe("time for requests in flight") })
    .prefault({}),
  quotas: z.strictObject(quotaFields()).prefault({}),
  limits: z.strictObject(limitFields()).prefault({}),
});

export type Config = Readonly<z.output<typeof configSchema>>;

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
