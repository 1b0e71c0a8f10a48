import type { RegistryId } from "@stowage/model";
import { openTestRegistry, Population } from "@stowage/testkit";
import { expect, it } from "vitest";
import { TOKEN_LIFE_SECONDS } from "../auth/tokens.ts";
import { accessSweep, SESSION_AFTERLIFE_MS } from "./access-sweep.ts";

it("a session is forgotten when the last token that it could make is over, and a revocation at its end", async () => {
  const core = await openTestRegistry();
  const { metadata, clock } = core;
  const people = new Population(metadata, { account: "123456789012" as RegistryId, now: () => clock.now() });
  const { sessionKeyId = "" } = await people.session(await people.role("ci"), "s");
  const [before, expiresAt] = [clock.now(), new Date(clock.now().getTime() + 1000)];
  await metadata.transaction(({ access }) =>
    access.putRevocation({ kind: "accessKey", subject: sessionKeyId, before, expiresAt }),
  );
  const { run } = accessSweep(metadata, clock);

  clock.advance(999);
  expect(await run()).toBe(0);
  clock.advance(1);
  expect(await run()).toBe(1);
  expect(await metadata.access.revocations([sessionKeyId])).toEqual([]);

  expect(SESSION_AFTERLIFE_MS).toBe(TOKEN_LIFE_SECONDS * 1000);
  clock.advance(3_600_000 - 1000 + SESSION_AFTERLIFE_MS - 1);
  expect(await run()).toBe(0);
  expect(await metadata.sessions.find(sessionKeyId)).toBeDefined();
  clock.advance(1);
  expect(await run()).toBe(1);
  expect(await metadata.sessions.find(sessionKeyId)).toBeUndefined();
  await core.close();
});
