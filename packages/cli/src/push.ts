import { stat } from "node:fs/promises";
import {
  folder,
  openFile,
  pushArchive,
  pushLayout,
  type ImageAddress,
  type PushLayoutOptions,
  type TransferResult,
} from "@stowage/client";
import type { Command } from "commander";
import { addEcrCommand } from "./ecr-command.ts";
import { exitCodes, Failure, UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { printItem } from "./output.ts";
import { Registries } from "./registries.ts";
import { parseRemoteImage } from "./remote-image.ts";
import {
  addDestinationOptions,
  addTransferOptions,
  showTransfer,
  TRANSFER_COLUMNS,
  type TransferFlags,
} from "./transfers.ts";

interface PushFlags extends TransferFlags {
  readonly image?: string;
}

export function addPush(program: Command, io: Io): void {
  const command = addEcrCommand(program, {
    usage: "push <path> <image>",
    summary: "push an image from a folder or an archive, without docker",
    details:
      "The path is an OCI layout, an archive of one, or what docker save writes, uncompressed. The image is " +
      "[HOST/]REPOSITORY:TAG, as for stowage copy.",
    examples: [
      "docker save team/app:1.4 -o app.tar && stowage push app.tar team/app:1.4 --create",
      "stowage push ./layout team/app:1.4 --image 1.4",
    ],
  }).option("--image <name>", "name or digest of the image, where the path holds several");
  addDestinationOptions(addTransferOptions(command)).action((path: string, image: string, options: PushFlags) =>
    push(io, { path, image }, options),
  );
}

async function push(
  io: Io,
  { path, image }: { readonly path: string; readonly image: string },
  options: PushFlags,
): Promise<void> {
  const to = parseRemoteImage(image);
  if (to.tag === undefined || to.digest !== undefined) throw new UsageError(`${image} has no tag: add :TAG.`);
  const isFolder = await isDirectory(path);
  const registries = new Registries(io, options);
  const address = { client: await registries.client(to), repository: to.repository, reference: to.tag };
  if (options.create === true) await registries.create(to);
  const result = await showTransfer(io, { flags: options, ends: { to } }, (transfer) => {
    const pushed = { ...transfer, image: options.image };
    return isFolder ? pushLayout(folder(path), address, pushed) : pushFile(path, address, pushed);
  });
  printItem(io, options, { image, ...result }, TRANSFER_COLUMNS);
}

async function pushFile(path: string, to: ImageAddress, options: PushLayoutOptions): Promise<TransferResult> {
  await using file = await openFile(path);
  return await pushArchive(file, to, options);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new Failure(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      exitCode: exitCodes.notFound,
      cause,
    });
  }
}
