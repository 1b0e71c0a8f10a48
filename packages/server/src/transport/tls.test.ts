import { execFileSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import type { ConnectionOptions } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "./limits.ts";
import { Mailbox, serve } from "./testing/harness.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import type { Peer } from "./types.ts";

let directory = "";
let tls = { certFile: "", keyFile: "" };

function makeCertificate(name: string): void {
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const out = ["-keyout", join(directory, `${name}.key`), "-out", join(directory, `${name}.pem`)];
  execFileSync("openssl", ["req", "-x509", ...key, ...subject, ...out], { stdio: "pipe" });
}

async function install(name: string): Promise<void> {
  for (const [kind, target] of [
    ["pem", tls.certFile],
    ["key", tls.keyFile],
  ] as const) {
    await copyFile(join(directory, `${name}.${kind}`), `${target}.new`);
    await rename(`${target}.new`, target);
  }
}

/** The name in the certificate that a new connection is shown. */
function certificateName(port: number, options: ConnectionOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
    socket.once("secureConnect", () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "stowage-tls-"));
  tls = { certFile: join(directory, "server.pem"), keyFile: join(directory, "server.key") };
  makeCertificate("one");
  makeCertificate("two");
});

beforeEach(() => install("one"));

afterAll(async () => {
  await rm(directory, { recursive: true });
});

describe("TLS", () => {
  it("serves requests, and tells the handler", async () => {
    const peers = new Mailbox<Peer>();
    await using harness = await serve(
      (request) => {
        peers.put(request.peer);
        return { status: 200, body: Buffer.alloc(3_000_000, 7) };
      },
      { tls },
    );
    const ca = await readFile(tls.certFile);
    const body = await new Promise<Buffer>((resolve, reject) => {
      get({ port: harness.port, host: "127.0.0.1", servername: "localhost", ca, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve(Buffer.concat(chunks)));
      }).on("error", reject);
    });
    expect(body.equals(Buffer.alloc(3_000_000, 7))).toBe(true);
    expect((await peers.take()).secure).toBe(true);
  });

  it("serves a file region over TLS byte for byte", async () => {
    const path = join(directory, "blob");
    const content = Buffer.from(Uint8Array.from({ length: 3_333_333 }, (_, at) => at % 251));
    await writeFile(path, content);
    await using harness = await serve(() => ({ status: 200, body: { path, offset: 1, length: content.length - 1 } }), {
      tls,
    });
    const body = await new Promise<Buffer>((resolve, reject) => {
      get({ port: harness.port, host: "127.0.0.1", rejectUnauthorized: false, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve(Buffer.concat(chunks)));
      }).on("error", reject);
    });
    expect(body.equals(content.subarray(1))).toBe(true);
  });

  it("refuses TLS 1.1 and takes 1.2", async () => {
    await using harness = await serve(() => ({ status: 200 }), { tls });
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await expect(certificateName(harness.port, old)).rejects.toThrow(/version|alert/i);
    expect(await certificateName(harness.port, { maxVersion: "TLSv1.2" })).toBe("one");
  });

  it("ends a connection that does not speak TLS, or does not speak at all", async () => {
    await using harness = await serve(() => ({ status: 200 }), { tls, limits: { tlsHandshakeTimeoutMs: 30 } });
    const plain = await harness.client();
    plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect((await plain.rest()).toString("latin1")).not.toContain("200 OK");
    const silent = await harness.client();
    expect(await silent.rest()).toHaveLength(0);
  });

  it("does not start without a usable certificate", async () => {
    await expect(
      serve(() => ({ status: 200 }), { tls: { ...tls, keyFile: join(directory, "two.key") } }),
    ).rejects.toThrow(/mismatch/i);
    await expect(
      serve(() => ({ status: 200 }), { tls: { ...tls, certFile: join(directory, "none") } }),
    ).rejects.toThrow("ENOENT");
  });

  it("closes while a handshake hangs, when the grace is over", async () => {
    const clock = new ManualClock();
    await using harness = await serve(() => ({ status: 200 }), { tls, clock });
    const silent = await harness.client();
    await certificateName(harness.port);
    const closed = harness.listener.close(1_234);
    await clock.started(1_234);
    clock.advance(1_234);
    await closed;
    expect(await silent.rest()).toHaveLength(0);
  });
});

describe("a certificate that changes", () => {
  it("is taken into use at the next look, for new connections", async () => {
    const clock = new ManualClock();
    await using harness = await serve(() => ({ status: 200 }), { tls, clock });
    expect(await certificateName(harness.port)).toBe("one");
    await install("two");
    expect(await certificateName(harness.port)).toBe("one");
    clock.advance(DEFAULT_LIMITS.certificatePollMs);
    expect(await harness.certificates.take()).toEqual({ error: undefined });
    expect(await certificateName(harness.port)).toBe("two");
    await install("one");
    await clock.started(DEFAULT_LIMITS.certificatePollMs);
    clock.advance(DEFAULT_LIMITS.certificatePollMs);
    expect(await harness.certificates.take()).toEqual({ error: undefined });
    expect(await certificateName(harness.port)).toBe("one");
  });

  it("is taken into use on demand, and keeps TLS 1.2 the least", async () => {
    await using harness = await serve(() => ({ status: 200 }), { tls });
    await install("two");
    await harness.listener.reloadCertificate();
    expect(await certificateName(harness.port)).toBe("two");
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await expect(certificateName(harness.port, old)).rejects.toThrow(/version|alert/i);
  });

  it("is not reported while nothing changes", async () => {
    await using harness = await serve(() => ({ status: 200 }), { tls });
    await harness.listener.reloadCertificate();
    expect(harness.certificates.size).toBe(0);
  });

  it.each([
    ["is no certificate", (): Promise<void> => writeFile(tls.certFile, "nonsense")],
    ["does not fit its key", (): Promise<void> => copyFile(join(directory, "two.pem"), tls.certFile)],
    ["is gone", (): Promise<void> => rm(tls.certFile)],
  ])("and %s is reported, the old one kept, and looked at again", async (_case, spoil) => {
    await using harness = await serve(() => ({ status: 200 }), { tls });
    await spoil();
    await harness.listener.reloadCertificate();
    expect((await harness.certificates.take()).error).toBeInstanceOf(Error);
    await harness.listener.reloadCertificate();
    expect((await harness.certificates.take()).error).toBeInstanceOf(Error);
    expect(await certificateName(harness.port)).toBe("one");
    await install("two");
    await harness.listener.reloadCertificate();
    expect(await harness.certificates.take()).toEqual({ error: undefined });
    expect(await certificateName(harness.port)).toBe("two");
  });
});
