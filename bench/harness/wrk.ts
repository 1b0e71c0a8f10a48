import { installWrk } from "./tools.ts";
import { run } from "../../tests/interop/process.ts";

export interface WrkLoad {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A script in wrk's Lua, for requests other than GET. */
  readonly script?: string;
}

/** @returns requests a second. @throws when an answer was not 2xx, or a connection failed */
export async function wrk({ url, connections, seconds, headers, script }: WrkLoad): Promise<number> {
  const { stdout } = await run([
    await installWrk(),
    "--threads=1",
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    ...Object.entries(headers).map(([name, value]) => `--header=${name}: ${value}`),
    ...(script === undefined ? [] : [`--script=${script}`]),
    url,
  ]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk saw failures\n${stdout}`);
  const rate = Number(/^Requests\/sec:\s+([0-9.]+)$/m.exec(stdout)?.[1]);
  if (!(rate > 0)) throw new Error(`wrk printed no rate\n${stdout}`);
  return rate;
}
