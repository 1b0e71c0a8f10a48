import { expect, it } from "vitest";
import { parseIni } from "./ini.ts";

const read = (text: string): unknown =>
  Object.fromEntries([...parseIni(text)].map(([name, settings]) => [name, Object.fromEntries(settings)]));

it("reads sections, settings, comments and blank lines", () => {
  const text = `
# at the top
[default]
aws_access_key_id = AKID
aws_secret_access_key=a/b+c=d#e   ; the secret holds = and #
Region =  eu-west-1  # where

[profile  team a]\r
region = us-east-1\r
`;
  expect(read(text)).toEqual({
    default: { aws_access_key_id: "AKID", aws_secret_access_key: "a/b+c=d#e", region: "eu-west-1" },
    "profile team a": { region: "us-east-1" },
  });
});

it("reads nested settings under the name of the outer one", () => {
  const text = "[services local]\necr =\n  endpoint_url = http://localhost:5100\ns3 =\n  endpoint_url = http://other\n";
  expect(read(text)).toEqual({
    "services local": {
      ecr: "",
      "ecr.endpoint_url": "http://localhost:5100",
      s3: "",
      "s3.endpoint_url": "http://other",
    },
  });
});

it("joins a section that is written twice, the last setting counts", () => {
  expect(read("[a]\nx = 1\ny = 1\n[a]\nx = 2")).toEqual({ a: { x: "2", y: "1" } });
});

it("passes over settings before any section and lines of no form", () => {
  expect(read("lost = 1\n[a]\nnonsense\n= none\n[unclosed\nb = 2")).toEqual({ a: { b: "2" } });
});
