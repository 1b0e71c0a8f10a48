import { OciClient } from "@stowage/client";
import { connect, type Connection } from "./connection.ts";
import { dockerCredentials } from "./docker-credentials.ts";
import type { EcrOptions } from "./ecr-command.ts";
import { UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { hostOf } from "./login-hosts.ts";
import { mintToken } from "./registry-token.ts";
import type { RemoteImage } from "./remote-image.ts";

/** Hosts of AWS's API serve no images. */
const AWS_API = /\.(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/** The registry that the options name. */
interface OwnRegistry {
  readonly ecr: Connection["ecr"];
  /** Scheme and host where it has its images. */
  readonly endpoint: string;
  /** The host that it calls itself. */
  readonly host: string;
}

/** Clients of the registries that one command talks to. */
export class Registries {
  readonly #io: Io;
  readonly #options: EcrOptions;
  readonly #clients = new Map<string, OciClient>();
  #own: Promise<OwnRegistry> | undefined;

  constructor(io: Io, options: EcrOptions) {
    this.#io = io;
    this.#options = options;
  }

  /** @throws Failure the image is the own registry's, and there is none */
  async client(image: RemoteImage): Promise<OciClient> {
    const own = await this.#ownOf(image);
    const endpoint = own?.endpoint ?? image.endpoint ?? "";
    const known = this.#clients.get(endpoint);
    if (known !== undefined) return known;
    const credentials =
      own === undefined
        ? await dockerCredentials(this.#io, hostOf(endpoint))
        : async () => {
            const { username, password, expiresAt } = await mintToken(own.ecr, this.#options.registryId);
            return { username, password, expiration: expiresAt };
          };
    const client = new OciClient({ endpoint, credentials });
    this.#clients.set(endpoint, client);
    return client;
  }

  /** Makes the repository of an image where it is missing. @throws UsageError it is another registry's */
  async create(image: RemoteImage): Promise<void> {
    const own = await this.#ownOf(image);
    if (own === undefined) throw new UsageError("--create makes repositories of the own registry only.");
    const { registryId } = this.#options;
    try {
      await own.ecr.createRepository({ repositoryName: image.repository, registryId });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "RepositoryAlreadyExistsException") throw error;
    }
  }

  async #ownOf({ endpoint }: RemoteImage): Promise<OwnRegistry | undefined> {
    this.#own ??= this.#findOwn();
    if (endpoint === undefined) return this.#own;
    // A host that was named needs no registry of one's own.
    const own = await this.#own.catch(() => undefined);
    return own !== undefined && [hostOf(own.endpoint), own.host].includes(hostOf(endpoint)) ? own : undefined;
  }

  /** A server of one's own has images at the address of its API, whatever name it gives itself. */
  async #findOwn(): Promise<OwnRegistry> {
    const { ecr, endpoint } = await connect(this.#io, this.#options);
    const { host } = await mintToken(ecr, this.#options.registryId);
    const isAws = endpoint === undefined || AWS_API.test(new URL(endpoint).hostname);
    return { ecr, endpoint: isAws ? `https://${host}` : new URL(endpoint).origin, host };
  }
}
