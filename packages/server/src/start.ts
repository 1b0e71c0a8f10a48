import type { Clock } from "@stowage/registry";
import { SealBroken, systemClock, type DataDirectory } from "@stowage/storage";
import type { KnownKey } from "./auth/access-keys.ts";
import { endpointOf, packageVersion, reachable } from "./config/endpoint.ts";
import { ConfigError, loadConfig, type ConfigSources } from "./config/load.ts";
import type { Config } from "./config/schema.ts";
import type { Announcement } from "./data-directory/run-file.ts";
import { openBlobs, openMasterKey, openMetadata } from "./data-directory/stores.ts";
import { takeDirectory } from "./data-directory/take.ts";
import { assemble, type Server } from "./main.ts";
import { createLog, loggingHooks, type Logger } from "./telemetry/log.ts";
import { createMetrics, type Metrics } from "./telemetry/metrics.ts";
import { listen, type Listener, type TransportHooks, type TransportLimits } from "./transport/transport.ts";
import { accessSweep } from "./workers/access-sweep.ts";
import { registryWorkers, startWorkers } from "./workers/workers.ts";

/** Pull times that are written when the server stops. */
const MAX_LAST_PULLS = 100_000;

export interface StartOptions extends ConfigSources {
  readonly clock?: Clock;
  /** Takes log lines in place of standard error; the flag `log-level: "silent"` leaves none. */
  readonly logStream?: { write(line: string): void };
  readonly limits?: Partial<TransportLimits>;
}

/** A server that answers requests. */
export interface RunningServer {
  /** `http://HOST:PORT` with the port that was picked. */
  readonly endpoint: string;
  readonly config: Config;
  /** This start made the account and its first access key. */
  readonly isNew: boolean;
  /** An active access key of the default account. */
  credentials(): Promise<Pick<KnownKey, "accessKeyId" | "secretAccessKey">>;
  /** Looks at the certificate files now. */
  reloadCertificate(): Promise<void>;
  /** Stops accepting, finishes what is in flight within the drain time, and closes everything; twice is fine. */
  close(): Promise<void>;
}

/**
 * Starts a server on a data directory, which is made when need be.
 * @throws ConfigError the settings cannot be used
 * @throws DirectoryInUse another process has the data directory
 */
export async function start(options: StartOptions = {}): Promise<RunningServer> {
  const { config, warnings } = await loadConfig(options);
  const log = createLog(config.log.level, options.logStream);
  // What was opened is closed in the reverse order, also when a later step fails.
  await using opened = new AsyncDisposableStack();
  opened.defer(() => log.flush());
  for (const warning of warnings) log.logger.warn(warning);

  const state: State = { endpoint: "", isReady: false };
  const { directory, server, hooks } = await open(opened, { options, config, logger: log.logger, state });
  const { keys } = server;
  const isNew = await keys.ensureAccount(config.account);
  const credentials = async (): Promise<KnownKey> => {
    const key = await keys.activeKey(config.account);
    if (key === undefined) throw new Error(`The account ${config.account} has no active access key.`);
    return key;
  };
  await credentials().catch((error: unknown) => {
    // A wrong master key is told now rather than at the first request.
    if (!(error instanceof SealBroken)) throw error;
    throw new ConfigError(`The master key does not open the secrets in ${config.data}.`, { cause: error });
  });

  const listener = await openListener(config, { ...options, handler: server.handler, hooks });
  opened.defer(() => listener.close(config.shutdown.drainSeconds * 1000));
  state.endpoint = endpointOf(config, config.listen.host, listener.port);
  const announcement: Announcement = {
    pid: process.pid,
    endpoint: endpointOf(config, reachable(config.listen.host), listener.port),
    account: config.account,
    region: config.region,
  };
  await directory.announce(announcement);
  state.isReady = true;
  opened.defer(() => void (state.isReady = false));
  log.logger.info({ endpoint: state.endpoint, data: config.data, pid: process.pid }, "listening");

  const running = opened.move();
  let closing: Promise<void> | undefined;
  return {
    endpoint: state.endpoint,
    config,
    isNew,
    credentials,
    reloadCertificate: () => listener.reloadCertificate(),
    close() {
      closing ??= running.disposeAsync();
      return closing;
    },
  };
}

/** What becomes known while the server starts. */
interface State {
  endpoint: string;
  isReady: boolean;
}

interface OpenParts {
  readonly options: StartOptions;
  readonly config: Config;
  readonly logger: Logger;
  readonly state: State;
}

/** Takes the data directory and sets up everything behind the listener. */
async function open(
  opened: AsyncDisposableStack,
  { options, config, logger, state }: OpenParts,
): Promise<{ readonly directory: DataDirectory; readonly server: Server; readonly hooks: TransportHooks }> {
  const directory = await takeDirectory(config.data);
  opened.defer(() => directory.close());
  const masterKey = await openMasterKey(config.data, options.environment?.["STOWAGE_MASTER_KEY"]);
  const metadata = await openMetadata(config.data);
  opened.defer(() => metadata.close());
  // The directory is this process's alone, so who wrote to an upload when the last one ended is gone.
  await metadata.transaction((rows) => rows.uploads.releaseLeases(), { durable: false });
  const blobs = await openBlobs(config.data);
  opened.defer(() => blobs.close());

  const metrics = config.metrics ? await createMetrics(metadata) : undefined;
  const hooks = combine(loggingHooks(logger, config.log.access), metrics);
  const clock = options.clock ?? systemClock;
  const constants = { version: packageVersion(), startedAt: clock.now(), dataDirectory: config.data };
  const { account, region } = config;
  const server = assemble({
    config,
    metadata,
    blobs,
    masterKey,
    clock,
    installation: () => ({ ...constants, endpoint: state.endpoint, account, region }),
    metrics: metrics?.handler,
    isReady: () => state.isReady,
    onFailure: (error, requestId) => hooks.onError?.(error, requestId),
  });
  const workers = startWorkers([...registryWorkers(server.registry), accessSweep(metadata, clock)], {
    onError: (worker, error) => logger.error({ err: error, worker }, "background work failed"),
  });
  opened.defer(async () => {
    await workers.stop();
    await server.registry.images.flushPulls(MAX_LAST_PULLS);
  });
  return { directory, server, hooks };
}

interface ListenerParts extends Pick<StartOptions, "limits"> {
  readonly handler: Parameters<typeof listen>[0]["handler"];
  readonly hooks: TransportHooks;
}

async function openListener(config: Config, { handler, hooks, limits }: ListenerParts): Promise<Listener> {
  const { cert, key } = config.tls;
  const tls = cert === undefined || key === undefined ? {} : { tls: { certFile: cert, keyFile: key } };
  try {
    return await listen({ ...config.listen, handler, hooks, ...tls, limits: { ...config.limits, ...limits } });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`Cannot listen on ${config.listen.host} port ${config.listen.port}: ${why}`, { cause });
  }
}

function combine(logging: TransportHooks, metrics: Metrics | undefined): TransportHooks {
  if (metrics === undefined) return logging;
  return {
    ...logging,
    onDone(record) {
      logging.onDone?.(record);
      metrics.onDone(record);
    },
  };
}
