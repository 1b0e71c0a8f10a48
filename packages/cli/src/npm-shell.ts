const LOOK_MS = 250;

/**
 * Calls `gone` once the shell is gone in which npm runs this command. npm hands a signal to that shell alone, which dies of
 * it and leaves the command behind; who stopped `npm start` meant the server. Does nothing elsewhere, nor in a script that
 * goes on in the background by intent.
 */
export function whenNpmShellEnds(environment: Readonly<Record<string, string | undefined>>, gone: () => void): void {
  const script = environment["npm_lifecycle_script"] ?? "";
  if (!/^stowage\b/.test(script) || script.includes("&")) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    gone();
  }, LOOK_MS);
  timer.unref();
}
