import { copyImage, type ImageProgress, type TransferResult } from "@stowage/client";
import type { Command } from "commander";
import { addEcrCommand, collect, type EcrOptions } from "./ecr-command.ts";
import { exitCodeOf, Failure, UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { printItem, type Column } from "./output.ts";
import { createProgress } from "./progress.ts";
import { hostOf } from "./login-hosts.ts";
import { Registries } from "./registries.ts";
import { parseRemoteImage, type RemoteImage } from "./remote-image.ts";

interface CopyOptions extends EcrOptions {
  readonly platform?: readonly string[];
  readonly referrers?: boolean;
  readonly tag?: readonly string[];
  readonly create?: boolean;
  readonly quiet?: boolean;
}

const COLUMNS: readonly Column<TransferResult & { readonly image: string }>[] = [
  { heading: "Image", of: ({ image }) => image },
  { heading: "Digest", of: ({ digest }) => digest },
  { heading: "Manifests sent", of: ({ manifests }) => manifests },
  { heading: "Blobs sent", of: ({ blobs }) => blobs },
  { heading: "Bytes sent", of: ({ bytes }) => bytes, kind: "bytes" },
];

export function addCopy(program: Command, io: Io): void {
  addEcrCommand(program, {
    usage: "copy <source> <destination>",
    summary: "copy an image between repositories or registries, byte for byte",
    details:
      "Both are [HOST/]REPOSITORY[:TAG][@DIGEST]; without HOST the registry that the options name is meant, and a destination " +
      "without tag gets the source's. Every platform is copied unless --platform says which. Only what is missing travels. " +
      "For other hosts docker's credentials are used; http:// before a host means no TLS.",
    examples: [
      "stowage copy docker.io/library/alpine:3.22 team/alpine --create",
      "stowage copy team/app:build-17 prod/app:1.4 --referrers",
      "stowage copy team/app:1.4 123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app --data ./registry",
    ],
  })
    .option(
      "--platform <os/arch>",
      "of an index only this platform, which changes its digest; may be repeated",
      collect,
    )
    .option("--referrers", "copy signatures, SBOMs and what else refers to the image too")
    .option("--tag <tag>", "a further tag for the copy; may be repeated", collect)
    .option("--create", "create the destination repository when it is missing")
    .option("--quiet", "show no progress")
    .action((source: string, destination: string, options: CopyOptions) => copy(io, { source, destination }, options));
}

interface Journey {
  readonly source: string;
  readonly destination: string;
}

async function copy(io: Io, { source, destination }: Journey, options: CopyOptions): Promise<void> {
  const from = parseRemoteImage(source);
  const to = parseRemoteImage(destination);
  const reference = from.digest ?? from.tag;
  if (reference === undefined) throw new UsageError(`${source} names no image: add :TAG or @DIGEST.`);
  if (to.digest !== undefined)
    throw new UsageError("The digest of a copy is the source's: give the destination a tag.");
  const registries = new Registries(io, options);
  const [sourceClient, targetClient] = [await registries.client(from), await registries.client(to)];
  if (options.create === true) await registries.create(to);
  const { show, end } = reporter(io, options);
  const { platform: platforms = "all", referrers = false, tag: tags = [] } = options;
  try {
    const result = await copyImage(
      { client: sourceClient, repository: from.repository, reference },
      { client: targetClient, repository: to.repository, reference: to.tag ?? reference },
      { platforms, referrers, tags, onProgress: show },
    );
    end();
    const image =
      to.tag === undefined ? `${destination}${from.digest === undefined ? ":" : "@"}${reference}` : destination;
    printItem(io, options, { image, ...result }, COLUMNS);
  } catch (error) {
    end();
    throw adviseCopy(error, to);
  }
}

interface Reporter {
  readonly show: (event: ImageProgress) => void;
  readonly end: () => void;
}

/** Events as JSON lines for a program, bars or lines for a reader. */
function reporter(io: Io, { output, quiet }: CopyOptions): Reporter {
  if (quiet === true) return { show: () => undefined, end: () => undefined };
  if (output === "ndjson") {
    return { show: (event) => io.stdout.write(`${JSON.stringify(event)}\n`), end: () => undefined };
  }
  const progress = createProgress(io);
  return {
    show: (event) => {
      if (event.kind !== "blob") return;
      const { digest, doneBytes, totalBytes, state } = event;
      const outcome = state === "running" ? {} : { outcome: OUTCOMES[state] };
      progress.show({ id: digest, label: digest.slice(0, "sha256:".length + 12), doneBytes, totalBytes, ...outcome });
    },
    end: () => progress.end(),
  };
}

const OUTCOMES = {
  done: "copied",
  present: "already there",
  mounted: "taken over inside the registry",
  skipped: "left where it is",
} as const;

function adviseCopy(error: unknown, { repository, endpoint }: RemoteImage): unknown {
  if (!(error instanceof Error) || error.name !== "OciError" || !("code" in error)) return error;
  const hints =
    error.code === "NAME_UNKNOWN"
      ? [`Is the repository there? Create the destination with --create, or: stowage repositories create ${repository}`]
      : error.code === "UNAUTHORIZED"
        ? [
            endpoint === undefined
              ? "Log in to the other registry with docker login."
              : `Log in with: docker login ${hostOf(endpoint)}`,
          ]
        : [];
  return new Failure(error.message, { exitCode: exitCodeOf(error), hints, cause: error });
}
