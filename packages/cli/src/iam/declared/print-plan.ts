import type { Io } from "../../io.ts";
import { isJson, printList, type OutputFormat } from "../../output.ts";
import type { Change } from "./change.ts";

export interface AccountChanges {
  /** Undefined for the account that the command is for. */
  readonly account: string | undefined;
  /** Whether the account itself is to be made. */
  readonly isNew: boolean;
  readonly changes: readonly Change[];
}

const WORDS = { "+": "add", "~": "change", "-": "remove" } as const;

/** Tells the differences: `+` comes, `~` changes, `-` goes. */
export async function printPlan(io: Io, output: OutputFormat, accounts: readonly AccountChanges[]): Promise<void> {
  if (isJson(output)) return printList(io, { output }, { items: accounts.flatMap(jsonOf), columns: [] });
  const count = { "+": 0, "~": 0, "-": 0 };
  for (const { account, isNew, changes } of accounts) {
    if (isNew) count["+"] += 1;
    if (account !== undefined && (isNew || changes.length > 0)) {
      io.stdout.write(`${isNew ? "+ account" : "account"} ${account}\n`);
    }
    for (const change of changes) {
      count[change.sign] += 1;
      printChange(io, change);
    }
  }
  const total = count["+"] + count["~"] + count["-"];
  io.stdout.write(
    total === 0 ? "Nothing to change.\n" : `${count["+"]} to add, ${count["~"]} to change, ${count["-"]} to remove.\n`,
  );
}

function printChange(io: Io, { sign, subject, details }: Change): void {
  io.stdout.write(`${sign} ${subject}\n`);
  for (const { sign: detailSign, what, lines = [] } of details) {
    io.stdout.write(`    ${detailSign} ${what}\n`);
    for (const line of lines) io.stdout.write(`        ${line.sign} ${line.text}\n`.replace(/ +\n$/, "\n"));
  }
}

function jsonOf({ account, isNew, changes }: AccountChanges): readonly unknown[] {
  const made = isNew ? [{ account, change: "add", subject: `account ${account}`, details: [] }] : [];
  return [
    ...made,
    ...changes.map(({ sign, subject, details }) => ({
      account,
      change: WORDS[sign],
      subject,
      details: details.map((detail) => ({ change: WORDS[detail.sign], what: detail.what })),
    })),
  ];
}
