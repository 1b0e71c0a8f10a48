import type { Metadata, Totals } from "@stowage/registry";
import { doorOf } from "../route.ts";
import type { AccessRecord, Handler } from "../transport/transport.ts";

/** Upper bounds of the duration histogram, in seconds. */
const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60];

export interface Metrics {
  onDone(record: AccessRecord): void;
  readonly handler: Handler;
}

/** Counts requests by door and class of status, and tells totals when asked, in Prometheus's text format. */
export async function createMetrics(metadata: Pick<Metadata, "totals">): Promise<Metrics> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: "stowage_http_request_duration_seconds",
    help: "Time from the head of a request to the end of its reply.",
    labelNames: ["door", "status"],
    buckets: BUCKETS,
    registers: [registry],
  });
  const bytes = new Counter({
    name: "stowage_http_body_bytes_total",
    help: "Bytes of bodies that were received and sent.",
    labelNames: ["direction"],
    registers: [registry],
  });
  const stored = new Gauge({
    name: "stowage_stored",
    help: "What the installation holds: registries, repositories, images, blobs, blobBytes, openUploads.",
    labelNames: ["what"],
    registers: [registry],
  });
  const received = bytes.labels("in");
  const sent = bytes.labels("out");
  // Looking a series up by its labels costs more than counting in it; there are a few dozen at most.
  const series = new Map<string, { observe(seconds: number): void }>();

  return {
    onDone({ method, target, status, durationMs, bytesIn, bytesOut }) {
      // The headers are gone by now: POST / counts as the ECR door, whichever API it was for.
      const door = doorOf({ method, target, headers: {} });
      const kind = `${Math.floor(status / 100)}xx`;
      const name = `${door} ${kind}`;
      let duration = series.get(name);
      if (duration === undefined) {
        duration = durations.labels(door, kind);
        series.set(name, duration);
      }
      duration.observe(durationMs / 1000);
      received.inc(bytesIn);
      sent.inc(bytesOut);
    },
    async handler() {
      const totals = await metadata.totals();
      for (const what of Object.keys(totals) as (keyof Totals)[]) stored.set({ what }, totals[what]);
      return {
        status: 200,
        headers: { "content-type": registry.contentType, "cache-control": "no-store" },
        body: await registry.metrics(),
      };
    },
  };
}
