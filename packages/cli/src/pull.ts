import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { folder, pullArchive, pullToLayout } from "@stowage/client";
import { Option, type Command } from "commander";
import { addEcrCommand } from "./ecr-command.ts";
import { UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { printItem } from "./output.ts";
import { Registries } from "./registries.ts";
import { parseRemoteImage, referenceOf } from "./remote-image.ts";
import { addTransferOptions, showTransfer, TRANSFER_COLUMNS, type TransferFlags } from "./transfers.ts";

interface PullFlags extends TransferFlags {
  readonly to: string;
  readonly format?: "layout" | "archive";
}

export function addPull(program: Command, io: Io): void {
  const command = addEcrCommand(program, {
    usage: "pull <image>",
    summary: "pull an image to a folder or an archive, without docker",
    details:
      "A folder becomes an OCI layout with every platform, to which further images may be added. An archive, a path that " +
      "ends in .tar, holds one platform, linux/amd64 unless --platform says which, and docker load takes it.",
    examples: [
      "stowage pull team/app:1.4 --to app.tar && docker load -i app.tar",
      "stowage pull team/app:1.4 --to ./layout --referrers",
      "stowage pull team/app:1.4 --to arm.tar --platform linux/arm64",
    ],
  })
    .requiredOption("--to <path>", "where to put it")
    .addOption(new Option("--format <format>", "what to make of the path").choices(["layout", "archive"]));
  addTransferOptions(command).action((image: string, options: PullFlags) => pull(io, image, options));
}

async function pull(io: Io, image: string, options: PullFlags): Promise<void> {
  const from = parseRemoteImage(image);
  const client = await new Registries(io, options).client(from);
  const address = { client, repository: from.repository, reference: referenceOf(from) };
  const { to, format = to.endsWith(".tar") ? "archive" : "layout", platform: platforms = [] } = options;
  const ends = { flags: options, ends: { from } };
  if (format === "layout") {
    const result = await showTransfer(io, ends, (transfer) => pullToLayout(address, folder(to), transfer));
    printItem(io, options, { image: to, ...result }, TRANSFER_COLUMNS);
    return;
  }
  if (platforms.length > 1 || options.referrers === true) {
    throw new UsageError("An archive holds one image of one platform: pull to a folder, or with --format layout.");
  }
  const [platform] = platforms;
  await showTransfer(io, ends, ({ onProgress }) =>
    folder(dirname(to)).write(basename(to), pullArchive(address, { platform, onProgress })),
  );
  const { size } = await stat(to);
  printItem(io, options, { archive: to, bytes: size }, [
    { heading: "Archive", of: ({ archive }) => archive },
    { heading: "Size", of: ({ bytes }) => bytes, kind: "bytes" },
  ]);
}
