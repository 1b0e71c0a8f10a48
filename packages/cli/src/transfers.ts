import { OciError, type ImageProgress, type TransferOptions, type TransferResult } from "@stowage/client";
import type { Command } from "commander";
import { collect, type EcrOptions } from "./ecr-command.ts";
import { exitCodeOf, Failure } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { hostOf } from "./login-hosts.ts";
import type { Column } from "./output.ts";
import { createProgress } from "./progress.ts";
import type { RemoteImage } from "./remote-image.ts";

export interface TransferFlags extends EcrOptions {
  readonly platform?: readonly string[];
  readonly referrers?: boolean;
  readonly tag?: readonly string[];
  readonly create?: boolean;
  readonly quiet?: boolean;
}

export const TRANSFER_COLUMNS: readonly Column<TransferResult & { readonly image: string }>[] = [
  { heading: "Image", of: ({ image }) => image },
  { heading: "Digest", of: ({ digest }) => digest },
  { heading: "Manifests sent", of: ({ manifests }) => manifests },
  { heading: "Blobs sent", of: ({ blobs }) => blobs },
  { heading: "Bytes sent", of: ({ bytes }) => bytes, kind: "bytes" },
];

/** Where an image comes from and goes to, as far as those are registries. */
export interface TransferEnds {
  readonly from?: RemoteImage;
  readonly to?: RemoteImage;
}

const OUTCOMES = {
  done: "copied",
  present: "already there",
  mounted: "taken over inside the registry",
  skipped: "left where it is",
} as const;

export function addTransferOptions(command: Command): Command {
  return command
    .option(
      "--platform <os/arch>",
      "of an index only this platform, which changes its digest; may be repeated",
      collect,
    )
    .option("--referrers", "take signatures, SBOMs and what else refers to the image too")
    .option("--quiet", "show no progress");
}

/** Those of a destination in a registry. */
export function addDestinationOptions(command: Command): Command {
  return command
    .option("--tag <tag>", "a further tag for the image; may be repeated", collect)
    .option("--create", "create the destination repository when it is missing");
}

/** Moves an image while it shows how far that is; a refusal gets its advice. */
export async function showTransfer<T>(
  io: Io,
  { flags, ends }: { readonly flags: TransferFlags; readonly ends: TransferEnds },
  work: (options: TransferOptions) => Promise<T>,
): Promise<T> {
  const { platform: platforms = "all", referrers = false, tag: tags = [] } = flags;
  const { onProgress, end } = reporter(io, flags);
  try {
    return await work({ platforms, referrers, tags, onProgress });
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    const hints = adviceFor(error, ends);
    throw new Failure(error.message, { exitCode: exitCodeOf(error), hints, cause: error });
  } finally {
    end();
  }
}

interface Reporter {
  readonly onProgress: (event: ImageProgress) => void;
  readonly end: () => void;
}

/** Events as JSON lines for a program, bars or lines for a reader. */
function reporter(io: Io, { output, quiet }: TransferFlags): Reporter {
  if (quiet === true) return { onProgress: () => undefined, end: () => undefined };
  if (output === "ndjson") {
    return { onProgress: (event) => io.stdout.write(`${JSON.stringify(event)}\n`), end: () => undefined };
  }
  const progress = createProgress(io);
  return {
    onProgress: (event) => {
      if (event.kind !== "blob") return;
      const { digest, doneBytes, totalBytes, state } = event;
      const outcome = state === "running" ? {} : { outcome: OUTCOMES[state] };
      progress.show({ id: digest, label: digest.slice(0, "sha256:".length + 12), doneBytes, totalBytes, ...outcome });
    },
    end: () => progress.end(),
  };
}

function adviceFor({ status, code }: OciError, { from, to }: TransferEnds): readonly string[] {
  const others = [from, to].flatMap((image) => (image?.endpoint === undefined ? [] : [hostOf(image.endpoint)]));
  if (status === 401) return others.map((host) => `Log in with: docker login ${host}`);
  if (code === "NAME_UNKNOWN") {
    return [
      ...(from === undefined ? [] : [`Is the repository ${from.repository} there?`]),
      ...(to === undefined ? [] : [`The destination, ${to.repository}, is created with --create.`]),
    ];
  }
  const isListed = code === "MANIFEST_UNKNOWN" && from !== undefined && from.endpoint === undefined;
  return isListed ? [`See what there is with: stowage images list ${from.repository}`] : [];
}
