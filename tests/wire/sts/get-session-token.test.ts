import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../packages/server/src/auth/testing/requests.ts";
import { credentialsIn, member, openEach, type Credentials } from "./door.ts";

const sts = openEach();

describe("GetSessionToken", () => {
  const life = async (credentials: Credentials, parameters: Record<string, string> = {}): Promise<number> => {
    const body = await sts.answered(sts.ask("GetSessionToken", parameters, credentials));
    return (new Date(member(body, "Expiration")).getTime() - sts.core.clock.now().getTime()) / 1000;
  };

  it("gives a user a session of its own, for twelve hours unless asked", async () => {
    const user = await sts.people.user("ann");
    const caller = await sts.keyOf(user.arn);
    expect(await life(caller)).toBe(43_200);
    expect(await life(caller, { DurationSeconds: "900" })).toBe(900);
    expect(await life(caller, { DurationSeconds: "129600" })).toBe(129_600);
    const session = credentialsIn(await sts.answered(sts.ask("GetSessionToken", {}, caller)));
    expect(await sts.whoIs(session)).toEqual([user.arn, user.userId, ACCOUNT]);
  });

  it("gives a root an hour at most", async () => {
    expect(await life(sts.key)).toBe(3_600);
    expect(await life(sts.key, { DurationSeconds: "129600" })).toBe(3_600);
    expect(await life(sts.key, { DurationSeconds: "1000" })).toBe(1_000);
    const session = credentialsIn(await sts.answered(sts.ask("GetSessionToken", {}, sts.key)));
    expect(await sts.whoIs(session)).toEqual([`arn:aws:iam::${ACCOUNT}:root`, ACCOUNT, ACCOUNT]);
  });

  it.each(["899", "129601"])("refuses %s seconds", async (DurationSeconds) => {
    expect((await sts.refused(sts.ask("GetSessionToken", { DurationSeconds }, sts.key))).slice(0, 2)).toEqual([
      400,
      "ValidationError",
    ]);
  });

  it("is not for sessions", async () => {
    const session = credentialsIn(await sts.answered(sts.ask("GetSessionToken", {}, sts.key)));
    expect(await sts.refused(sts.ask("GetSessionToken", {}, session))).toEqual([
      403,
      "AccessDenied",
      "Cannot call GetSessionToken with session credentials",
    ]);
  });

  it("keeps MFA for what it is: not there", async () => {
    const parameters = { SerialNumber: "arn:aws:iam::123456789012:mfa/ann", TokenCode: "123456" };
    expect((await sts.refused(sts.ask("GetSessionToken", parameters, sts.key))).slice(0, 2)).toEqual([
      400,
      "ValidationError",
    ]);
  });
});
