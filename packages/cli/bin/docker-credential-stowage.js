#!/usr/bin/env node
// docker's credential helper: `stowage credential-helper` under the name by which docker finds it.
process.argv.splice(2, 0, "credential-helper");
await import("./stowage.js");
