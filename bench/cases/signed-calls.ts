import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { answering, freePort } from "../harness/distribution.ts";
import { measure, type Measured, takeTurns } from "../harness/measure.ts";
import { startSubject } from "../harness/pair.ts";
import { startProcess } from "../harness/server-process.ts";
import { EcrApi } from "../harness/stowage.ts";
import { inherited, installMoto, MOTO_VERSION } from "../harness/tools.ts";
import { wrk } from "../harness/wrk.ts";

const CONNECTIONS = 16;
const REPOSITORIES = 10;
const OPERATION = "DescribeRepositories";
const BODY = "{}";

export const signedCalls: BenchCase = {
  name: "signed-calls",
  title: `Signed ${OPERATION} calls, ${CONNECTIONS} connections`,
  run: runCase,
};

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const stowage = await startSubject(context);
  const moto = await startMoto(context);
  const peer = new EcrApi(moto.origin, {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "x",
    region: "us-east-1",
  });
  context.cleanups.defer(() => peer.close());
  const contestants = [
    { who: "Stowage", pid: stowage.process.pid, api: stowage.api },
    { who: `moto ${MOTO_VERSION}`, pid: moto.pid, api: peer },
  ];
  for (const { api } of contestants) {
    for (let number = 0; number < REPOSITORIES; number += 1) await api.createRepository(`described/${number}`);
    await load(context, api, 1);
  }
  const seconds = context.full ? 10 : 4;
  const [subject, compared] = await takeTurns(
    contestants.map(({ who, pid, api }) => ({
      who,
      run: (): Promise<Measured> => measure(pid, () => load(context, api, seconds)),
    })),
    context.rounds,
  );
  if (subject === undefined || compared === undefined) throw new Error("nothing was measured");
  return {
    rows: [{ what: OPERATION, unit: "requests/s", better: "more", subject, compared }],
    notes: [
      `wrk with one thread for ${seconds} s a run; each answer describes ${REPOSITORIES} repositories or one more. The load repeats one ` +
        "signed request, so that it need not sign. Stowage verifies the signature of each, moto of none.",
    ],
  };
}

async function load({ folder }: BenchContext, api: EcrApi, seconds: number): Promise<number> {
  const { host: _, ...headers } = api.signedHeaders(OPERATION, BODY); // wrk sends the same host by itself
  const script = join(folder, "post.lua");
  await writeFile(script, `wrk.method = "POST"\nwrk.body = "${BODY}"\n`);
  return wrk({ url: `${api.origin}/`, connections: CONNECTIONS, seconds, headers, script });
}

async function startMoto({ cleanups }: BenchContext): Promise<{ readonly origin: string; readonly pid: number }> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const command = [await installMoto(), "-H", "127.0.0.1", "-p", String(port)];
  const server = startProcess({ command, env: inherited() });
  cleanups.defer(() => server.stop().then(() => undefined));
  await answering(server, origin);
  return { origin, pid: server.pid };
}
