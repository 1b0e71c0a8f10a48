import { start } from "@stowage/server";
import type { Command } from "commander";
import { UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { whenNpmShellEnds } from "./npm-shell.ts";

/** Flags by commander's names; each is the setting of the same name. */
type ServeOptions = Readonly<Record<string, string | boolean | undefined>>;

const FLAG = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/su;

const EXAMPLES = `
Each flag is also a variable STOWAGE_<FLAG> and a key of the configuration file;
a flag counts before a variable, and that before the file.

Examples:
  stowage serve
  stowage serve --data /var/lib/stowage --listen 0.0.0.0:443 --uri-style registry.example.com \\
    --tls-cert cert.pem --tls-key key.pem
  stowage serve --open --listen 127.0.0.1:0`;

export function addServe(program: Command, io: Io): void {
  program
    .command("serve")
    .description("run the registry")
    .option("--data <dir>", "data directory (default: .stowage in a checkout, else where the platform keeps user data)")
    .option("--listen <host:port>", "address to listen on; port 0 picks a free one (default: 127.0.0.1:5100)")
    .option("--account <id>", "account of callers that name none, 12 digits (default: 000000000000)")
    .option("--region <name>", "region of callers that name none (default: us-east-1)")
    .option("--open", "accept any credentials, and none; enforce no policies")
    .option("--open-to-network", "let --open listen beyond this machine")
    .option("--uri-style <style>", "names of repositories: local, aws or a DOMAIN (default: local)")
    .option("--tls-cert <file>", "certificate chain in PEM; read again when it changes, and on SIGHUP")
    .option("--tls-key <file>", "private key in PEM")
    .option("--config <file>", "configuration file in YAML")
    .option("--log-level <level>", "debug, info, warn, error or silent (default: info)")
    .option("--log-access <boolean>", "a line for each request (default: true)")
    .option("--metrics <boolean>", "serve /metrics (default: true)")
    .option("--push-idempotent-immutable-tags", "answer 201 when a push to an immutable tag would change nothing")
    .option("--shutdown-drain-seconds <seconds>", "time for requests in flight when stopping (default: 30)")
    .allowUnknownOption()
    .argument("[settings...]", "other settings as flags, such as --quotas-max-parts 10; docs/configuration.md has all")
    .addHelpText("after", EXAMPLES)
    .action((rest: readonly string[], options: ServeOptions) => serve(io, { ...options, ...otherFlags(rest) }));
}

/** Settings that have no option of their own; the server knows which there are. */
function otherFlags(args: readonly string[]): ServeOptions {
  const flags: Record<string, string | boolean> = {};
  for (let at = 0; at < args.length; at += 1) {
    const [, name, value] = FLAG.exec(args[at] ?? "") ?? [];
    if (name === undefined) throw new UsageError(`There is no argument ${args[at] ?? ""}.`);
    const next = args[at + 1];
    if (value !== undefined) flags[name] = value;
    else if (next === undefined || next.startsWith("--")) flags[name] = true;
    else {
      flags[name] = next;
      at += 1;
    }
  }
  return flags;
}

async function serve(io: Io, options: ServeOptions): Promise<void> {
  const stopped = stopSignal(io);
  const flags = Object.fromEntries(Object.entries(options).map(([name, value]) => [flagOf(name), value]));
  const server = await start({ flags, environment: io.environment });
  const reload = (): void => void server.reloadCertificate();
  // Without a certificate the signal keeps its meaning: the terminal was closed.
  if (server.config.tls.cert !== undefined) process.on("SIGHUP", reload);
  io.stdout.write(`Listening on ${server.endpoint}\n`);
  if (server.isNew) io.stderr.write(hint(io, server.config.data, options["data"] !== undefined));
  await stopped;
  await server.close();
  process.off("SIGHUP", reload);
}

function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function hint({ environment }: Io, directory: string, isGiven: boolean): string {
  const data = isGiven ? ` --data '${directory.replaceAll("'", String.raw`'\''`)}'` : "";
  // Under `npm start` the command is not on the path of another shell.
  const command = environment["npm_lifecycle_event"] === undefined ? "stowage" : "npx stowage";
  return `Made an account with its first access key in ${directory}. To use it, in another shell:\n  eval "$(${command} env${data})"\n`;
}

/** Resolves at the first signal to stop; the second one ends the process where it stands. */
function stopSignal({ environment }: Io): Promise<void> {
  return new Promise((resolve) => {
    whenNpmShellEnds(environment, resolve);
    let isStopping = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (isStopping) process.exit(1);
        isStopping = true;
        resolve();
      });
    }
  });
}
