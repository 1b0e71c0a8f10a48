import { describe, expect, it } from "vitest";

import { ask } from "../../test/ask.ts";
import { HOME, user } from "../../test/callers.ts";
import type { ConditionDocument } from "../../test/documents.ts";

type Context = Readonly<Record<string, readonly string[]>>;
type Row = readonly [rule: string, condition: ConditionDocument, context: Context, holds: boolean];

/** Whether a statement with the condition is about a request with the context. */
function holds(condition: ConditionDocument, context: Context): boolean {
  const statement = { Effect: "Allow", Action: "*", Resource: "*", Condition: condition } as const;
  const { decision } = ask(
    { identity: [{ Version: "2012-10-17", Statement: statement }] },
    { caller: user("ann"), action: "ecr:PutImage", resource: "*", resourceAccountId: HOME, context },
  );
  return decision === "allowed";
}

function check(rows: readonly Row[]): void {
  it.each(rows)("%s", (_, condition, context, expected) => {
    expect(holds(condition, context)).toBe(expected);
  });
}

const TEAM = "aws:ResourceTag/team";
const blue: Context = { [TEAM]: ["blue"] };
const noKey: Context = {};

describe("operators of strings (IAM User Guide, condition operators)", () => {
  check([
    ["StringEquals takes the equal text", { StringEquals: { [TEAM]: "blue" } }, blue, true],
    ["StringEquals heeds case", { StringEquals: { [TEAM]: "Blue" } }, blue, false],
    ["StringEquals knows no wildcards", { StringEquals: { [TEAM]: "b*" } }, blue, false],
    ["StringEquals takes an asterisk for an asterisk", { StringEquals: { [TEAM]: "b*" } }, { [TEAM]: ["b*"] }, true],
    ["StringEquals wants the key", { StringEquals: { [TEAM]: "blue" } }, noKey, false],
    ["StringNotEquals takes another text", { StringNotEquals: { [TEAM]: "red" } }, blue, true],
    ["StringNotEquals refuses the equal text", { StringNotEquals: { [TEAM]: "blue" } }, blue, false],
    ["StringNotEquals holds without the key", { StringNotEquals: { [TEAM]: "blue" } }, noKey, true],
    ["StringEqualsIgnoreCase ignores case", { StringEqualsIgnoreCase: { [TEAM]: "BLUE" } }, blue, true],
    ["StringEqualsIgnoreCase refuses another text", { StringEqualsIgnoreCase: { [TEAM]: "red" } }, blue, false],
    ["StringNotEqualsIgnoreCase refuses other case", { StringNotEqualsIgnoreCase: { [TEAM]: "BLUE" } }, blue, false],
    ["StringNotEqualsIgnoreCase holds without the key", { StringNotEqualsIgnoreCase: { [TEAM]: "BLUE" } }, noKey, true],
    ["StringLike takes an asterisk for any run", { StringLike: { [TEAM]: "b*" } }, blue, true],
    ["StringLike takes an asterisk for nothing", { StringLike: { [TEAM]: "blue*" } }, blue, true],
    ["StringLike takes a question mark for one character", { StringLike: { [TEAM]: "bl?e" } }, blue, true],
    ["StringLike wants a character for a question mark", { StringLike: { [TEAM]: "blue?" } }, blue, false],
    ["StringLike matches the whole text", { StringLike: { [TEAM]: "lu" } }, blue, false],
    ["StringLike heeds case", { StringLike: { [TEAM]: "B*" } }, blue, false],
    ["StringLike with an asterisk wants the key", { StringLike: { [TEAM]: "*" } }, noKey, false],
    ["StringLike with an asterisk takes the empty value", { StringLike: { [TEAM]: "*" } }, { [TEAM]: [""] }, true],
    ["StringNotLike refuses what is like it", { StringNotLike: { [TEAM]: "b*" } }, blue, false],
    ["StringNotLike holds without the key", { StringNotLike: { [TEAM]: "b*" } }, noKey, true],
  ]);
});

const COUNT = "s3:max-keys";
const ten: Context = { [COUNT]: ["10"] };
const NOON = "2026-11-21T12:00:00Z";
const noon: Context = { "aws:CurrentTime": [NOON] };

describe("operators of numbers", () => {
  check([
    ["NumericEquals compares values, not texts", { NumericEquals: { [COUNT]: "10.0" } }, ten, true],
    ["NumericEquals takes numbers without quotation marks", { NumericEquals: { [COUNT]: 10 } }, ten, true],
    ["NumericEquals refuses what is no number", { NumericEquals: { [COUNT]: 10 } }, { [COUNT]: ["ten"] }, false],
    ["NumericNotEquals takes another number", { NumericNotEquals: { [COUNT]: 9 } }, ten, true],
    ["NumericNotEquals holds without the key", { NumericNotEquals: { [COUNT]: 10 } }, noKey, true],
    ["NumericLessThan leaves out the limit", { NumericLessThan: { [COUNT]: 10 } }, ten, false],
    ["NumericLessThan compares by value", { NumericLessThan: { [COUNT]: 9 } }, { [COUNT]: ["8.99"] }, true],
    ["NumericLessThanEquals takes the limit", { NumericLessThanEquals: { [COUNT]: 10 } }, ten, true],
    ["NumericGreaterThan leaves out the limit", { NumericGreaterThan: { [COUNT]: 10 } }, ten, false],
    ["NumericGreaterThanEquals takes the limit", { NumericGreaterThanEquals: { [COUNT]: 10 } }, ten, true],
    ["NumericGreaterThan wants the key", { NumericGreaterThan: { [COUNT]: 1 } }, noKey, false],
  ]);
});

describe("operators of dates", () => {
  check([
    [
      "DateEquals compares moments across zones",
      { DateEquals: { "aws:CurrentTime": "2026-11-21T13:00:00+01:00" } },
      noon,
      true,
    ],
    ["DateEquals takes epoch seconds", { DateEquals: { "aws:CurrentTime": "1795262400" } }, noon, true],
    [
      "epoch seconds of a request compare with a date",
      { DateEquals: { "aws:EpochTime": NOON } },
      { "aws:EpochTime": ["1795262400"] },
      true,
    ],
    [
      "DateNotEquals takes another moment",
      { DateNotEquals: { "aws:CurrentTime": "2026-11-21T12:00:01Z" } },
      noon,
      true,
    ],
    ["DateLessThan leaves out the limit", { DateLessThan: { "aws:CurrentTime": NOON } }, noon, false],
    ["DateLessThanEquals takes the limit", { DateLessThanEquals: { "aws:CurrentTime": NOON } }, noon, true],
    ["a date without a time is its midnight", { DateGreaterThan: { "aws:CurrentTime": "2026-11-21" } }, noon, true],
    ["a year alone is its first moment", { DateGreaterThan: { "aws:CurrentTime": "2027" } }, noon, false],
    ["DateGreaterThan leaves out the limit", { DateGreaterThan: { "aws:CurrentTime": NOON } }, noon, false],
    ["DateGreaterThanEquals takes the limit", { DateGreaterThanEquals: { "aws:CurrentTime": NOON } }, noon, true],
    ["DateLessThan wants the key", { DateLessThan: { "aws:TokenIssueTime": NOON } }, noKey, false],
    ["fractions of a second count", { DateLessThan: { "aws:CurrentTime": "2026-11-21T12:00:00.001Z" } }, noon, true],
  ]);
});

const overTls: Context = { "aws:SecureTransport": ["true"] };

describe("Bool, BinaryEquals and Null", () => {
  check([
    ["Bool takes the equal value", { Bool: { "aws:SecureTransport": "true" } }, overTls, true],
    ["Bool takes a value without quotation marks", { Bool: { "aws:SecureTransport": true } }, overTls, true],
    ["Bool refuses the other value", { Bool: { "aws:SecureTransport": "false" } }, overTls, false],
    ["Bool wants the key", { Bool: { "aws:MultiFactorAuthPresent": "true" } }, noKey, false],
    ["Bool with false wants the key too", { Bool: { "aws:MultiFactorAuthPresent": "false" } }, noKey, false],
    ["BoolIfExists holds without the key", { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } }, noKey, true],
    ["BinaryEquals compares bytes", { BinaryEquals: { "x:blob": "QUJD" } }, { "x:blob": ["QUJD"] }, true],
    ["BinaryEquals refuses other bytes", { BinaryEquals: { "x:blob": "QUJD" } }, { "x:blob": ["QUJE"] }, false],
    ["Null with true wants no key", { Null: { "aws:TokenIssueTime": "true" } }, noKey, true],
    [
      "Null with true refuses the key",
      { Null: { "aws:TokenIssueTime": "true" } },
      { "aws:TokenIssueTime": [NOON] },
      false,
    ],
    ["Null with false wants the key", { Null: { "aws:TokenIssueTime": "false" } }, noKey, false],
    [
      "Null with false takes the key",
      { Null: { "aws:TokenIssueTime": false } },
      { "aws:TokenIssueTime": [NOON] },
      true,
    ],
    ["Null counts a key without values as absent", { Null: { "aws:TagKeys": "true" } }, { "aws:TagKeys": [] }, true],
  ]);
});

const IP = "aws:SourceIp";

describe("operators of addresses", () => {
  check([
    [
      "IpAddress takes an address of the range",
      { IpAddress: { [IP]: "203.0.113.0/24" } },
      { [IP]: ["203.0.113.255"] },
      true,
    ],
    [
      "IpAddress refuses the address after the range",
      { IpAddress: { [IP]: "203.0.113.0/24" } },
      { [IP]: ["203.0.114.0"] },
      false,
    ],
    [
      "an address without a prefix is itself alone",
      { IpAddress: { [IP]: "203.0.113.7" } },
      { [IP]: ["203.0.113.8"] },
      false,
    ],
    ["a prefix of 0 takes all of its family", { IpAddress: { [IP]: "0.0.0.0/0" } }, { [IP]: ["8.8.8.8"] }, true],
    ["IPv4 ranges take no IPv6 address", { IpAddress: { [IP]: "0.0.0.0/0" } }, { [IP]: ["2001:db8::1"] }, false],
    [
      "IpAddress takes IPv6 ranges",
      { IpAddress: { [IP]: "2001:DB8:1234:5678::/64" } },
      { [IP]: ["2001:db8:1234:5678:9::1"] },
      true,
    ],
    [
      "IpAddress refuses outside an IPv6 range",
      { IpAddress: { [IP]: "2001:DB8:1234:5678::/64" } },
      { [IP]: ["2001:db8:1234:5679::1"] },
      false,
    ],
    [
      "families may stand in one list",
      { IpAddress: { [IP]: ["203.0.113.0/24", "2001:db8::/32"] } },
      { [IP]: ["2001:db8::9"] },
      true,
    ],
    ["NotIpAddress refuses the range", { NotIpAddress: { [IP]: "10.0.0.0/8" } }, { [IP]: ["10.9.9.9"] }, false],
    [
      "NotIpAddress refuses each of several ranges",
      { NotIpAddress: { [IP]: ["10.0.0.0/8", "172.16.0.0/12"] } },
      { [IP]: ["172.31.0.1"] },
      false,
    ],
    ["NotIpAddress takes other addresses", { NotIpAddress: { [IP]: "10.0.0.0/8" } }, { [IP]: ["11.0.0.1"] }, true],
    ["NotIpAddress holds without the key", { NotIpAddress: { [IP]: "10.0.0.0/8" } }, noKey, true],
    [
      "IPv4 peers of dual-stack sockets are IPv4",
      { NotIpAddress: { [IP]: "10.0.0.0/8" } },
      { [IP]: ["::ffff:10.9.9.9"] },
      false,
    ],
  ]);
});

const SOURCE = "aws:SourceArn";
const topic: Context = { [SOURCE]: ["arn:aws:sns:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"] };
const repository: Context = { [SOURCE]: [`arn:aws:ecr:us-east-1:${HOME}:repository/team/app`] };

describe("operators of ARNs", () => {
  check([
    [
      "ArnEquals takes the equal ARN",
      { ArnEquals: { [SOURCE]: `arn:aws:ecr:us-east-1:${HOME}:repository/team/app` } },
      repository,
      true,
    ],
    [
      "ArnEquals takes wildcards as ArnLike does",
      { ArnEquals: { [SOURCE]: "arn:aws:ecr:*:*:repository/*" } },
      repository,
      true,
    ],
    [
      "ArnLike keeps a wildcard within its field",
      { ArnLike: { [SOURCE]: "arn:aws:sns:*:111122223333:finance/*" } },
      topic,
      false,
    ],
    [
      "StringLike lets it reach over fields",
      { StringLike: { [SOURCE]: "arn:aws:sns:*:111122223333:finance/*" } },
      topic,
      true,
    ],
    [
      "the last field may have colons",
      { ArnLike: { [SOURCE]: "arn:aws:sns:us-east-2:999999999999:store/*:finance/*" } },
      topic,
      true,
    ],
    ["ArnLike heeds case", { ArnLike: { [SOURCE]: "arn:aws:ecr:*:*:repository/Team/*" } }, repository, false],
    [
      "ArnLike takes a question mark",
      { ArnLike: { [SOURCE]: "arn:aws:ecr:us-east-?:*:repository/team/app" } },
      repository,
      true,
    ],
    [
      "ArnLike refuses what is no ARN",
      { ArnLike: { [SOURCE]: "arn:aws:ecr:*:*:*" } },
      { [SOURCE]: ["repository"] },
      false,
    ],
    [
      "ArnNotEquals takes another ARN",
      { ArnNotEquals: { [SOURCE]: "arn:aws:ecr:*:*:repository/other" } },
      repository,
      true,
    ],
    [
      "ArnNotLike refuses what is like it",
      { ArnNotLike: { [SOURCE]: "arn:aws:ecr:*:*:repository/*" } },
      repository,
      false,
    ],
    ["ArnNotLike holds without the key", { ArnNotLike: { [SOURCE]: "arn:aws:ecr:*:*:repository/*" } }, noKey, true],
  ]);
});

describe("IfExists", () => {
  check([
    ["holds without the key", { StringEqualsIfExists: { [TEAM]: "red" } }, noKey, true],
    ["asks when the key is there", { StringEqualsIfExists: { [TEAM]: "red" } }, blue, false],
    ["holds for a negated operator without the key", { StringNotEqualsIfExists: { [TEAM]: "blue" } }, noKey, true],
    ["asks a negated operator when the key is there", { StringNotEqualsIfExists: { [TEAM]: "blue" } }, blue, false],
    ["goes with numbers", { NumericLessThanIfExists: { [COUNT]: 5 } }, ten, false],
    ["goes with addresses", { IpAddressIfExists: { [IP]: "10.0.0.0/8" } }, noKey, true],
    ["goes with dates", { DateLessThanIfExists: { "aws:CurrentTime": NOON } }, noKey, true],
    ["goes with ForAnyValue", { "ForAnyValue:StringEqualsIfExists": { "aws:TagKeys": "a" } }, noKey, true],
  ]);
});

describe("several operators, keys and values (IAM User Guide, multiple context keys or values)", () => {
  check([
    ["values of a key are alternatives", { StringEquals: { [TEAM]: ["red", "blue"] } }, blue, true],
    ["values of a negated operator must all differ", { StringNotEquals: { [TEAM]: ["red", "blue"] } }, blue, false],
    [
      "a negated operator takes what is none of its values",
      { StringNotEquals: { [TEAM]: ["red", "green"] } },
      blue,
      true,
    ],
    ["keys of an operator must all hold", { StringEquals: { [TEAM]: "blue", "aws:username": "bob" } }, blue, false],
    ["keys of an operator hold together", { StringEquals: { [TEAM]: "blue", "aws:username": "ann" } }, blue, true],
    [
      "operators must all hold",
      { StringEquals: { [TEAM]: "blue" }, Bool: { "aws:SecureTransport": "true" } },
      blue,
      false,
    ],
    [
      "operators hold together",
      { StringEquals: { [TEAM]: "blue" }, Bool: { "aws:SecureTransport": "true" } },
      { ...blue, ...overTls },
      true,
    ],
    ["keys have no case", { StringEquals: { "AWS:resourcetag/TEAM": "blue" } }, blue, true],
    ["a key without values matches nothing", { StringEquals: { [TEAM]: [] } }, blue, false],
    ["an empty condition always holds", {}, noKey, true],
  ]);
});

const tagKeys = (...values: string[]): Context => ({ "aws:TagKeys": values });
const someOf = (operator: string, ...values: string[]): ConditionDocument => ({
  [`ForAnyValue:${operator}`]: { "aws:TagKeys": values },
});
const allOf = (operator: string, ...values: string[]): ConditionDocument => ({
  [`ForAllValues:${operator}`]: { "aws:TagKeys": values },
});

describe("ForAllValues and ForAnyValue", () => {
  check([
    ["ForAllValues wants every value in the list", allOf("StringEquals", "env", "team"), tagKeys("team", "env"), true],
    ["ForAllValues refuses one value outside", allOf("StringEquals", "env", "team"), tagKeys("team", "cost"), false],
    ["ForAllValues wants not all of the list", allOf("StringEquals", "env", "team"), tagKeys("team"), true],
    ["ForAllValues holds without the key", allOf("StringEquals", "env"), noKey, true],
    ["ForAllValues holds for the empty value", allOf("StringEquals", "env"), tagKeys(""), true],
    ["ForAllValues takes wildcards", allOf("StringLike", "key1*", "key2*"), tagKeys("key1a", "key2b"), true],
    [
      "ForAllValues with a negated operator wants every value outside",
      allOf("StringNotEquals", "env"),
      tagKeys("a", "b"),
      true,
    ],
    [
      "ForAllValues with a negated operator refuses one value inside",
      allOf("StringNotEquals", "env"),
      tagKeys("a", "env"),
      false,
    ],
    ["ForAnyValue wants one value in the list", someOf("StringEquals", "env"), tagKeys("a", "env"), true],
    ["ForAnyValue refuses when none is", someOf("StringEquals", "env"), tagKeys("a", "b"), false],
    ["ForAnyValue fails without the key", someOf("StringEquals", "env"), noKey, false],
    ["ForAnyValue fails for the empty value", someOf("StringLike", "*"), tagKeys(""), false],
    [
      "ForAnyValue with a negated operator wants one value outside",
      someOf("StringNotEquals", "env"),
      tagKeys("env", "a"),
      true,
    ],
    [
      "ForAnyValue with a negated operator refuses when all are inside",
      someOf("StringNotEquals", "env"),
      tagKeys("env"),
      false,
    ],
    ["ForAnyValue with a negated operator fails without the key", someOf("StringNotEquals", "env"), noKey, false],
    [
      "ForAllValues beside Null wants the key",
      { ...allOf("StringEquals", "env"), Null: { "aws:TagKeys": "false" } },
      noKey,
      false,
    ],
    [
      "without a qualifier one fitting value is enough",
      { StringEquals: { "aws:TagKeys": "env" } },
      tagKeys("a", "env"),
      true,
    ],
    [
      "without a qualifier a negated operator wants that none fits",
      { StringNotEquals: { "aws:TagKeys": "env" } },
      tagKeys("a", "env"),
      false,
    ],
  ]);
});
