import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { access, readFile, stat, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Workplace, named } from "./command.ts";

/** The other Node of this machine, if it has one that is older; the launcher is to start under it as well. */
const OLD_NODES = (process.env["PATH"] ?? "")
  .split(":")
  .filter((folder) => folder !== "" && !folder.includes("node_modules"))
  .flatMap((folder) => {
    try {
      const path = join(folder, "node");
      const major = Number.parseInt(
        execFileSync(path, ["-p", "process.versions.node"], { stdio: "pipe" }).toString(),
        10,
      );
      return major < 26 ? [path] : [];
    } catch {
      return [];
    }
  })
  .slice(0, 1);

/** Opens a request and leaves it unfinished. */
async function hang(endpoint: string): Promise<ReturnType<typeof connect>> {
  const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
  socket.on("error", () => undefined);
  const asked = once(socket, "data");
  socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n");
  socket.write("X-Amz-Target: Stowage_V1.GetStatus\r\n\r\n");
  await asked;
  return socket;
}

/** Resolves when nobody accepts connections there any more. */
async function refused(endpoint: string): Promise<void> {
  const port = Number(new URL(endpoint).port);
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen === false) return;
  }
}

describe("stowage serve", () => {
  it("prints one line when it is ready, and is", async () => {
    await using place = await Workplace.open();
    const server = await place.serve();
    expect(server.out).toMatch(/^Listening on http:\/\/127\.0\.0\.1:[0-9]+\n$/);
    expect((await fetch(`${server.endpoint}/readyz`)).status).toBe(200);
    expect(server.err).toContain(`eval "$(stowage env --data '${place.data}')"`);
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "stops at %s with exit code 0, leaving the directory free",
    async (signal) => {
      await using place = await Workplace.open();
      const server = await place.serve();
      server.kill(signal);
      expect(await server.exited).toMatchObject({ code: 0, signal: null, out: `Listening on ${server.endpoint}\n` });
      await expect(access(join(place.data, "run.json"))).rejects.toThrow("ENOENT");
      await place.serve();
    },
  );

  it("lets a request in flight finish first", async () => {
    await using place = await Workplace.open();
    const server = await place.serve();
    const socket = await hang(server.endpoint);
    server.kill("SIGTERM");
    await refused(server.endpoint);
    const answer = once(socket, "data");
    socket.write("{}");
    expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 400 /);
    expect(await server.exited).toMatchObject({ code: 0 });
  });

  it("stops at once at a second signal", async () => {
    await using place = await Workplace.open();
    const server = await place.serve("--shutdown-drain-seconds", "3600");
    await hang(server.endpoint);
    server.kill("SIGTERM");
    await refused(server.endpoint);
    server.kill("SIGTERM");
    expect(await server.exited).toMatchObject({ code: 1 });
  });

  it("takes every setting as a flag, and names the one that was meant", async () => {
    await using place = await Workplace.open();
    const server = await place.serve("--quotas-max-repositories=1", "--cors-origins", "https://a.example.com");
    const reply = await fetch(`${server.endpoint}/v2/`, { headers: { origin: "https://a.example.com" } });
    expect(reply.headers.get("access-control-allow-origin")).toBe("https://a.example.com");
    const wrong = await place.run("serve", "--qotas-max-repositories", "1");
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("Did you mean --quotas-max-repositories?") });
  });

  it("has its directory to itself: a second server names the first", async () => {
    await using place = await Workplace.open();
    const server = await place.serve();
    const second = await place.run("serve", "--listen", "127.0.0.1:0");
    expect(second).toMatchObject({ code: 1, out: "" });
    expect(second.err).toContain(`in use by the server at ${named(server.endpoint)} (process ${server.child.pid}).`);
    expect((await fetch(`${server.endpoint}/readyz`)).status).toBe(200);
  });

  it("comes back after kill -9 as it was", async () => {
    await using place = await Workplace.open();
    const first = await place.serve();
    const before = await place.credentials();
    const made = JSON.parse((await place.run("keys", "create", "--output", "json")).out) as { accessKeyId: string };
    first.kill("SIGKILL");
    expect(await first.exited).toMatchObject({ signal: "SIGKILL" });
    const second = await place.serve();
    expect(await place.credentials()).toEqual({ ...before, endpoint: named(second.endpoint) });
    expect((await place.run("keys", "list")).out).toContain(made.accessKeyId);
    expect(second.err).not.toContain("Made an account");
  });

  it("writes files that only their owner reads", async () => {
    await using place = await Workplace.open();
    await place.serve();
    for (const name of [".", "keys/master.key", "run.json", "stowage.db", "lock"]) {
      expect((await stat(join(place.data, name))).mode & 0o077).toBe(0);
    }
  });

  it("never prints a secret, whatever it logs", async () => {
    await using place = await Workplace.open();
    const server = await place.serve("--log-level", "debug");
    const { secretAccessKey } = await place.credentials();
    const masterKey = (await readFile(join(place.data, "keys/master.key"), "utf8")).trim();
    const made = await place.run("keys", "create", "--output", "json");
    const { secretAccessKey: secondSecret } = JSON.parse(made.out) as { secretAccessKey: string };
    const basic = Buffer.from(`AWS:${secretAccessKey}`).toString("base64");
    await fetch(`${server.endpoint}/v2/?X-Amz-Signature=${secretAccessKey}`, {
      headers: { authorization: `Basic ${basic}` },
    });
    const others = [
      await place.run("keys", "list"),
      await place.run("status"),
      await place.run("keys", "delete", "AKIANOSUCHKEY0000"),
    ];
    server.kill("SIGTERM");
    const log = await server.exited;
    expect(log.err).toContain('"target":"/v2/?X-Amz-Signature=***"');
    const printed = [log, ...others].map(({ out, err }) => out + err).join("") + made.err;
    for (const secret of [secretAccessKey, secondSecret, masterKey, basic]) expect(printed).not.toContain(secret);
  });

  it("takes its settings from a file and the environment too", async () => {
    await using place = await Workplace.open();
    const file = join(place.folder, "stowage.yaml");
    await writeFile(file, `data: ${place.data}\nlisten: 127.0.0.1:0\nregion: eu-west-1\n`);
    const environment = { STOWAGE_CONFIG: file, STOWAGE_ACCOUNT: "123456789012", STOWAGE_SERVICE_HOST: "10.0.0.1" };
    const server = place.begin(["serve"], { environment });
    const endpoint = await server.listening();
    expect(JSON.parse((await place.run("status", "--output", "json")).out)).toMatchObject({
      endpoint,
      account: "123456789012",
      region: "eu-west-1",
    });
    await server.complaint("There is no environment variable STOWAGE_SERVICE_HOST.");
  });

  it("stops with the shell in which npm runs it", async () => {
    await using place = await Workplace.open();
    const shell = place.begin(["serve", "--data", place.data, "--listen", "127.0.0.1:0"], {
      environment: { npm_lifecycle_script: "stowage serve" },
      isInShell: true,
    });
    const endpoint = await shell.listening();
    const stdout = shell.child.stdout ?? process.stdin;
    const ended = once(stdout, "close");
    shell.kill("SIGTERM");
    await ended;
    await refused(endpoint);
    expect((await place.run("status")).out).toMatch(/^running +false\n/);
  });

  it.each(OLD_NODES)("starts under %s, hands on signals and keeps exit codes", async (node) => {
    await using place = await Workplace.open();
    const server = place.begin(["serve", "--data", place.data, "--listen", "127.0.0.1:0"], { node });
    const endpoint = await server.listening();
    expect((await fetch(`${endpoint}/readyz`)).status).toBe(200);
    server.kill("SIGTERM");
    expect(await server.exited).toMatchObject({ code: 0, signal: null });
    expect(await place.begin(["serv"], { node }).exited).toMatchObject({ code: 2 });
  });
});

describe("stowage serve --tls-cert --tls-key", () => {
  const certify = (folder: string, name: string): void => {
    const key = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-keyout",
      join(folder, "key.pem"),
    ];
    const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...key, ...subject, "-out", join(folder, "cert.pem")], { stdio: "pipe" });
  };
  const ask = async (folder: string, endpoint: string): Promise<string> => {
    const ca = await readFile(join(folder, "cert.pem"));
    const request = get(`${endpoint}/v2/`, { ca, agent: false });
    const [reply] = (await once(request, "response")) as [{ headers: Record<string, string>; resume(): void }];
    reply.resume();
    return reply.headers["www-authenticate"] ?? "";
  };

  it("serves HTTPS, and another certificate after SIGHUP", async () => {
    await using place = await Workplace.open();
    certify(place.folder, "first");
    const files = ["--tls-cert", join(place.folder, "cert.pem"), "--tls-key", join(place.folder, "key.pem")];
    const server = await place.serve(...files);
    expect(await ask(place.folder, server.endpoint)).toBe(
      `Basic realm="${server.endpoint}/",service="ecr.amazonaws.com"`,
    );
    certify(place.folder, "second");
    await expect(ask(place.folder, server.endpoint)).rejects.toThrow();
    server.kill("SIGHUP");
    await server.complaint("a new certificate is in use");
    expect(await ask(place.folder, server.endpoint)).toContain('realm="https://');
  });
});
