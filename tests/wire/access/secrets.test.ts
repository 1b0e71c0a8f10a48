import { policyText } from "@stowage/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hasher } from "../../../packages/server/src/auth/hasher.ts";
import { presign, signRequest } from "@stowage/sigv4";
import { HOME, openInstallation, REGION, type Installation, type Login } from "./installation.ts";

let installation: Installation;

beforeAll(async () => void (installation = await openInstallation()));
afterAll(() => installation.close());

/** Sends a form to AWS STS. @returns the answer's text */
async function sts(parameters: Readonly<Record<string, string>>, login: Login): Promise<string> {
  const body = new URLSearchParams({ Version: "2011-06-15", ...parameters }).toString();
  const headers = { host: "localhost", "content-type": "application/x-www-form-urlencoded" };
  const request = { method: "POST", target: "/", region: REGION, service: "sts", headers, body, hasher };
  const signature = signRequest({ ...request, credentials: login, date: installation.clock.now() });
  const answer = await installation.client.send("POST", "/", { headers: { ...headers, ...signature }, body });
  return answer.body.toString();
}

function between(text: string, element: string): string {
  return new RegExp(`<${element}>([^<]+)<`).exec(text)?.[1] ?? "";
}

it("no secret stands in a log, an error, a metric or an answer to another question", async () => {
  const { people, clock } = installation;
  const user = await people.user("canary", { inline: { all: policyText({ Action: "*", Resource: "*" }) } });
  await people.role("nest", { trustPolicy: policyText({ Principal: { AWS: user.arn }, Action: "sts:AssumeRole" }) });
  const login = await installation.login(user);
  const assumed = await sts(
    { Action: "AssumeRole", RoleArn: `arn:aws:iam::${HOME}:role/nest`, RoleSessionName: "canary" },
    login,
  );
  const session = await installation.assume("nest");
  const { json } = await installation.api("GetAuthorizationToken", {}, login);
  const [data] = json["authorizationData"] as readonly { authorizationToken: string }[];
  const token = data?.authorizationToken ?? "";
  const password = Buffer.from(token, "base64").toString().slice("AWS:".length);
  const secrets = {
    "a secret key": login.secretAccessKey,
    "a session's secret key": session.secretAccessKey,
    "a session's token": session.sessionToken ?? "",
    "an assumed secret key": between(assumed, "SecretAccessKey"),
    "an assumed token": between(assumed, "SessionToken"),
    "a registry token": token,
    "a password": password,
  };
  for (const secret of Object.values(secrets)) expect(secret.length).toBeGreaterThan(30);

  const answers: string[] = [];
  const see = (text: string | Buffer): void => void answers.push(text.toString());
  const ask = async (...parts: Parameters<Installation["api"]>) =>
    see(JSON.stringify((await installation.api(...parts)).json));
  for (const by of [login, session, { ...login, secretAccessKey: "guess" }, { ...session, sessionToken: "guess" }]) {
    await ask("ListImages", { repositoryName: "team/none" }, by);
    await ask("DescribeRegistry", {}, by, { service: "s3" });
    await ask("Nothing", {}, by);
  }
  see(await sts({ Action: "GetCallerIdentity" }, session));
  see(await sts({ Action: "GetSessionToken" }, session));
  see(
    await sts({ Action: "AssumeRole", RoleArn: "x", RoleSessionName: session.sessionToken?.slice(0, 5) ?? "" }, login),
  );
  for (const authorization of [`Basic ${token}`, `Bearer ${password}`, `Basic ${token}x`, `basic ${password}`]) {
    for (const path of ["/v2/", "/v2/team/none/tags/list", `/v2/team/none/manifests/latest?token=${password}`]) {
      see((await installation.oci("GET", path, authorization)).body);
    }
  }
  const headers = { host: "localhost" };
  const signing = {
    method: "GET",
    target: "/?Action=GetCallerIdentity&Version=2011-06-15",
    region: REGION,
    service: "sts",
    headers,
  };
  const query = presign({ ...signing, credentials: session, date: clock.now(), expiresSeconds: 60, hasher });
  see((await installation.client.send("GET", `/?${query}`, { headers })).body);
  see((await installation.client.send("GET", `/v2/?${query}`, { headers })).body);
  see((await installation.client.send("GET", "/metrics", { headers })).body);

  expect(installation.log()).toContain("GetCallerIdentity");
  const seen = { log: installation.log(), answers: answers.join("\n") };
  for (const [where, text] of Object.entries(seen)) {
    for (const [what, secret] of Object.entries(secrets)) {
      for (const spelling of [secret, encodeURIComponent(secret)]) {
        expect({ where, what, isThere: text.includes(spelling) }).toEqual({ where, what, isThere: false });
      }
    }
  }
});
