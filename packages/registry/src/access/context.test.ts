import { describe, expect, it } from "vitest";
import { lookupOf, type Circumstances } from "./context.ts";

const NOW = new Date("2026-11-21T12:00:00.750Z");
const full: Circumstances = {
  context: {
    sourceIp: "192.0.2.7",
    secureTransport: false,
    userAgent: "docker/28",
    requestedRegion: "eu-west-1",
    requestTags: [{ key: "Owner", value: "ann" }],
    externalId: "x1",
    roleSessionName: "s1",
  },
  resourceAccountId: "123456789012",
  resourceTags: [
    { key: "env", value: "test" },
    { key: "Team", value: "red" },
  ],
  now: NOW,
  issuedAt: new Date("2026-11-21T11:00:00Z"),
};
const empty: Circumstances = { context: {}, resourceAccountId: "", resourceTags: [], now: NOW, issuedAt: undefined };

describe("a condition key", () => {
  it.each([
    ["aws:sourceip", "192.0.2.7"],
    ["aws:securetransport", "false"],
    ["aws:useragent", "docker/28"],
    ["aws:requestedregion", "eu-west-1"],
    ["aws:tokenissuetime", "2026-11-21T11:00:00.000Z"],
    ["aws:requesttag/owner", "ann"],
    ["aws:tagkeys", "Owner"],
    ["aws:resourcetag/env", "test"],
    ["ecr:resourcetag/team", "red"],
    ["sts:externalid", "x1"],
    ["sts:rolesessionname", "s1"],
  ])("%s is what the request says, and absent where it says nothing", (key, value) => {
    expect(lookupOf(full)(key)).toEqual([value]);
    expect(lookupOf(empty)(key)).toBeUndefined();
  });

  it.each([
    ["aws:currenttime", "2026-11-21T12:00:00.750Z"],
    ["aws:epochtime", "1795262400"],
    ["aws:viaawsservice", "false"],
  ])("%s always has a value", (key, value) => {
    expect(lookupOf(empty)(key)).toEqual([value]);
  });

  it("aws:TagKeys has all keys, those that a request removes too", () => {
    const keys = lookupOf({ ...full, context: { tagKeys: ["a", "b"] } })("aws:tagkeys");
    expect(keys).toEqual(["a", "b"]);
    const requestTags = [
      { key: "a", value: "1" },
      { key: "b", value: "2" },
    ];
    expect(lookupOf({ ...full, context: { requestTags } })("aws:tagkeys")).toEqual(["a", "b"]);
  });

  it.each([
    "aws:resourcetag/owner",
    "aws:requesttag/env",
    "aws:resourcetag/",
    "ecr:",
    "aws:multifactorauthpresent",
    "constructor",
  ])("%s is absent", (key) => expect(lookupOf(full)(key)).toBeUndefined());
});
