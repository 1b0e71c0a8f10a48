import { expect, it } from "vitest";
import type { ExpiringCredentials } from "../platform.ts";
import { autoClock } from "../testing/staged.ts";
import { CredentialSource, REFRESH_BEFORE_MS } from "./credentials.ts";

const lasting: ExpiringCredentials = { accessKeyId: "a", secretAccessKey: "b" };

it("asks a provider once for credentials that last", async () => {
  let asked = 0;
  const source = new CredentialSource(() => Promise.resolve((asked++, lasting)), autoClock([]));
  expect([await source.get(), await source.get()]).toEqual([lasting, lasting]);
  expect(asked).toBe(1);
});

it("asks once for calls that wait at the same time", async () => {
  let asked = 0;
  const source = new CredentialSource(() => Promise.resolve((asked++, lasting)), autoClock([]));
  await Promise.all([source.get(), source.get(), source.get()]);
  expect(asked).toBe(1);
});

it("asks again when less than five minutes are left, and not at five", async () => {
  const clock = autoClock([]);
  const leftMs = [REFRESH_BEFORE_MS, REFRESH_BEFORE_MS + 1];
  let asked = 0;
  const source = new CredentialSource(() => {
    const expiration = new Date(clock.now().getTime() + (leftMs[asked++] ?? 3_600_000));
    return Promise.resolve({ ...lasting, expiration });
  }, clock);
  await source.get();
  await source.get();
  expect(asked).toBe(1);
  await clock.sleep(1);
  await source.get();
  expect(asked).toBe(2);
  await clock.sleep(2);
  await source.get();
  expect(asked).toBe(3);
});

it("passes on why a provider failed, and asks it again next time", async () => {
  let asked = 0;
  const source = new CredentialSource(() => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error("no network")) : Promise.resolve(lasting);
  }, autoClock([]));
  await expect(source.get()).rejects.toThrow("no network");
  expect(await source.get()).toEqual(lasting);
});
