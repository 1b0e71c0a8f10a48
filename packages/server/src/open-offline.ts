import type { AdminOperationName, AdminOperations } from "@stowage/model";
import { createAdministration, type Clock } from "@stowage/registry";
import { nodeHasher, systemClock, systemIds } from "@stowage/storage";
import type { Installation } from "./admin-api/installation.ts";
import { adminOperations, performAdmin } from "./admin-api/operations.ts";
import { createAccessKeys, rootArn, rootPrincipal, sealContext, type KnownKey } from "./auth/access-keys.ts";
import { endpointOf, packageVersion, reachable } from "./config/endpoint.ts";
import { loadConfig, type ConfigSources } from "./config/load.ts";
import type { Config } from "./config/schema.ts";
import { readActiveKey } from "./data-directory/beside.ts";
import { readAnnouncement, type Announcement } from "./data-directory/run-file.ts";
import { hasInstallation, openMasterKey, openMetadata } from "./data-directory/stores.ts";
import { DirectoryInUse, takeDirectory } from "./data-directory/take.ts";

export interface OfflineOptions extends ConfigSources {
  readonly clock?: Clock;
  /** Make an installation where there is none; otherwise that is {@link NoInstallation}. */
  readonly create?: boolean;
}

/** The data directory holds no installation. */
export class NoInstallation extends Error {
  override readonly name = "NoInstallation";

  constructor(directory: string) {
    super(`There is no installation in ${directory}.`);
  }
}

/** Performs an operation of the administration door on behalf of the account's root. */
export type OfflineAdmin = <N extends AdminOperationName>(
  operation: N,
  input: AdminOperations[N]["input"],
) => Promise<AdminOperations[N]["output"]>;

interface Opened {
  readonly dataDirectory: string;
  /** Where the server listens, or would with these settings; undefined when it would pick its port. */
  readonly endpoint: string | undefined;
  readonly account: string;
  readonly region: string;
  /** An active access key of the default account. */
  credentials(): Promise<Pick<KnownKey, "accessKeyId" | "secretAccessKey">>;
  close(): Promise<void>;
}

/** A data directory, as a command finds it: its own until `close`, or a running server's, whose door then is to be used. */
export type OpenedInstallation =
  | (Opened & { readonly isRunning: false; readonly admin: OfflineAdmin })
  | (Opened & { readonly isRunning: true; readonly endpoint: string });

/**
 * Opens a data directory for a command, with the settings that a server would have.
 * @throws ConfigError @throws NoInstallation
 * @throws DirectoryInUse another command has it for too long
 */
export async function openOffline(options: OfflineOptions = {}): Promise<OpenedInstallation> {
  const { config } = await loadConfig(options);
  if (options.create !== true && !(await hasInstallation(config.data))) throw new NoInstallation(config.data);
  const masterKeyText = options.environment?.["STOWAGE_MASTER_KEY"];
  try {
    return await openAlone(config, masterKeyText, options.clock ?? systemClock);
  } catch (error) {
    const server = error instanceof DirectoryInUse ? await readAnnouncement(config.data) : undefined;
    if (server === undefined) throw error;
    const { account } = isAccountGiven(options) ? config : server;
    return besideServer(config, masterKeyText, { ...server, account });
  }
}

async function openAlone(config: Config, masterKeyText: string | undefined, clock: Clock): Promise<OpenedInstallation> {
  const { account, region, data } = config;
  await using opened = new AsyncDisposableStack();
  const directory = await takeDirectory(data);
  opened.defer(() => directory.close());
  const masterKey = await openMasterKey(data, masterKeyText);
  const metadata = await openMetadata(data);
  opened.defer(() => metadata.close());
  const keys = createAccessKeys({ metadata, sealer: masterKey, clock });
  await keys.ensureAccount(account);

  const { host, port } = config.listen;
  const endpoint = port === 0 ? undefined : endpointOf(config, reachable(host), port);
  const about = { version: packageVersion(), startedAt: clock.now(), dataDirectory: data, endpoint: "" };
  const installation = (): Installation => ({ ...about, account, region });
  const administration = createAdministration({
    metadata,
    clock,
    ids: systemIds,
    hasher: nodeHasher,
    pageTokenKey: masterKey.deriveKey("page-tokens"),
  });
  const { access } = administration;
  const operations = adminOperations({ administration, keys, metadata, installation });
  const call = { account, principal: rootPrincipal(account), region };
  const admin: OfflineAdmin = (operation, input) =>
    performAdmin({ operations, access }, operation, { input, call, context: {} });
  const running = opened.move();
  return {
    isRunning: false,
    dataDirectory: data,
    endpoint,
    account,
    region,
    admin,
    async credentials() {
      return required(await keys.activeKey(account), account);
    },
    close: () => running.disposeAsync(),
  };
}

/** The configuration alone does not tell whether the account in it was asked for. */
function isAccountGiven({ flags = {}, environment = {} }: OfflineOptions): boolean {
  return (flags["account"] ?? environment["STOWAGE_ACCOUNT"]) !== undefined;
}

function besideServer(config: Config, masterKeyText: string | undefined, server: Announcement): OpenedInstallation {
  const { endpoint, account, region } = server;
  return {
    isRunning: true,
    dataDirectory: config.data,
    endpoint,
    account,
    region,
    async credentials() {
      const masterKey = await openMasterKey(config.data, masterKeyText);
      const { accessKeyId, sealedSecret } = required(readActiveKey(config.data, rootArn(account)), account);
      const secret = masterKey.open(sealedSecret, sealContext(accessKeyId));
      return { accessKeyId, secretAccessKey: new TextDecoder().decode(secret) };
    },
    close: () => Promise.resolve(),
  };
}

function required<T>(key: T | undefined, account: string): T {
  if (key === undefined) throw new Error(`The account ${account} has no active access key.`);
  return key;
}
