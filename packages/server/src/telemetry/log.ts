import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";
import { ClientGone, type AccessRecord, type TransportHooks } from "../transport/transport.ts";

export type { Logger };

/** Lines are gathered up to this size, or this long, before they are written. */
const BUFFER_BYTES = 4096;
const FLUSH_MS = 200;

export interface Log {
  readonly logger: Logger;
  /** Writes what is gathered; to be called before the process ends. */
  flush(): void;
}

/**
 * JSON lines on standard error.
 * @param stream takes the lines instead
 */
export function createLog(level: string, stream?: DestinationStream): Log {
  if (stream !== undefined || level === "silent") {
    const logger = stream === undefined ? pino({ level: "silent" }) : pino(options(level), stream);
    return { logger, flush: () => undefined };
  }
  const destination = pino.destination({ dest: 2, sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_MS });
  return {
    logger: pino(options(level), destination),
    flush() {
      try {
        destination.flushSync();
      } catch {
        // Standard error is closed: nobody is left to read the lines.
      }
    },
  };
}

function options(level: string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
}

/** Logs what the transport reports. Headers and bodies never come near it; targets arrive without what grants anything. */
export function loggingHooks(logger: Logger, logsAccess: boolean): TransportHooks {
  return {
    ...(logsAccess ? { onDone: (record: AccessRecord) => logger.info(accessLine(record), "request") } : {}),
    onError(error, requestId) {
      if (!(error instanceof ClientGone)) logger.error({ err: error, requestId }, "a request failed unexpectedly");
    },
    onCertificate(error) {
      if (error === undefined) logger.info("a new certificate is in use");
      else logger.error({ err: error }, "the new certificate was refused; the old one stays in use");
    },
  };
}

function accessLine(record: AccessRecord): object {
  const { id, method, target, status, aborted, bytesIn, bytesOut, durationMs, peer, userAgent } = record;
  return {
    id,
    peer: peer.address,
    method,
    target,
    status,
    bytesIn,
    bytesOut,
    ms: Math.round(durationMs * 100) / 100,
    ...(aborted ? { aborted } : {}),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}
