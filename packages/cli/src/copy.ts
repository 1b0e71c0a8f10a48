import { copyImage } from "@stowage/client";
import type { Command } from "commander";
import { addEcrCommand } from "./ecr-command.ts";
import { UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { printItem } from "./output.ts";
import { Registries } from "./registries.ts";
import { parseRemoteImage, referenceOf } from "./remote-image.ts";
import {
  addDestinationOptions,
  addTransferOptions,
  showTransfer,
  TRANSFER_COLUMNS,
  type TransferFlags,
} from "./transfers.ts";

export function addCopy(program: Command, io: Io): void {
  const command = addEcrCommand(program, {
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
  });
  addDestinationOptions(addTransferOptions(command)).action(
    (source: string, destination: string, options: TransferFlags) => copy(io, { source, destination }, options),
  );
}

async function copy(
  io: Io,
  { source, destination }: { readonly source: string; readonly destination: string },
  options: TransferFlags,
): Promise<void> {
  const from = parseRemoteImage(source);
  const to = parseRemoteImage(destination);
  const reference = referenceOf(from);
  if (to.digest !== undefined) {
    throw new UsageError("The digest of a copy is the source's: give the destination a tag.");
  }
  const given = to.tag ?? from.tag;
  const registries = new Registries(io, options);
  const [sourceClient, targetClient] = [await registries.client(from), await registries.client(to)];
  if (options.create === true) await registries.create(to);
  const result = await showTransfer(io, { flags: options, ends: { from, to } }, (transfer) =>
    copyImage(
      { client: sourceClient, repository: from.repository, reference },
      { client: targetClient, repository: to.repository, reference: given ?? reference },
      transfer,
    ),
  );
  const suffix = to.tag !== undefined ? "" : given === undefined ? `@${reference}` : `:${given}`;
  printItem(io, options, { image: `${destination}${suffix}`, ...result }, TRANSFER_COLUMNS);
}
