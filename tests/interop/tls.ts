import type { Context } from "./scenario.ts";

export interface Certificates {
  /** The authority's own certificate, for the clients to trust. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate authority and, signed by it, a certificate for `hosts`, both good for one day. */
export async function makeCertificates(context: Context, hosts: readonly string[]): Promise<Certificates> {
  const openssl = context.program("openssl");
  const [authority, authorityKey] = [context.path("ca.pem"), context.path("ca.key")];
  const [certificate, key] = [context.path("server.pem"), context.path("server.key")];
  const fresh = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const names = hosts.map((host) => (/^[0-9.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`)).join(",");
  await openssl.run([...fresh, "-subj", "/CN=Stowage interop authority", "-keyout", authorityKey, "-out", authority]);
  const extensions = ["-addext", `subjectAltName=${names}`, "-addext", "basicConstraints=critical,CA:FALSE"];
  const signer = ["-CA", authority, "-CAkey", authorityKey];
  const subject = ["-subj", `/CN=${hosts[0]}`];
  await openssl.run([...fresh, ...signer, ...subject, ...extensions, "-keyout", key, "-out", certificate]);
  return { authority, certificate, key };
}

/** Words before a command that give these names the loopback address, in a mount namespace of the command's own. */
export async function withHosts(context: Context, hosts: readonly string[]): Promise<readonly string[]> {
  const lines = ["127.0.0.1 localhost", ...hosts.map((host) => `127.0.0.1 ${host}`), ""];
  await context.writeFile("hosts", lines.join("\n"));
  return ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', context.path("hosts")];
}
