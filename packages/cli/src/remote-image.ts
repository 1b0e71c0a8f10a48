import { UsageError } from "./exit-codes.ts";

/** An image of any registry, as one word of a command line. */
export interface RemoteImage {
  /** Scheme and host; the command's own registry when undefined. */
  readonly endpoint: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const ADDRESS = /^(?:(https?):\/\/)?(?:([^/@]+)\/)?([^:@/]+(?:\/[^:@/]+)*)(?::([^:@/]+))?(?:@([^@/]+))?$/;
/** What tells a host from the first part of a repository's name, as docker has it. */
const HOST = /[.:]|^localhost$|^\[/;
const LOOPBACK = /^(?:localhost|127(?:\.[0-9]+){3}|\[::1\])(?::[0-9]+)?$/;

/**
 * Reads `[HOST/]REPOSITORY[:TAG][@DIGEST]`. Hosts speak TLS but those of this machine, unless `http://` stands before.
 * @throws UsageError it is nothing of the kind
 */
export function parseRemoteImage(text: string): RemoteImage {
  const [, scheme, first, rest = "", tag, digest] = ADDRESS.exec(text) ?? [];
  const isHost = first !== undefined && (scheme !== undefined || HOST.test(first));
  const repository = isHost || first === undefined ? rest : `${first}/${rest}`;
  if (repository === "" || (scheme !== undefined && !isHost)) {
    throw new UsageError(`${text} names no image: write [HOST/]REPOSITORY:TAG or [HOST/]REPOSITORY@DIGEST.`);
  }
  if (!isHost) return { endpoint: undefined, repository, tag, digest };
  if (first === "docker.io" || first === "index.docker.io") {
    const name = repository.includes("/") ? repository : `library/${repository}`;
    return { endpoint: "https://registry-1.docker.io", repository: name, tag, digest };
  }
  const assumed = LOOPBACK.test(first) ? "http" : "https";
  return { endpoint: `${scheme ?? assumed}://${first}`, repository, tag, digest };
}
