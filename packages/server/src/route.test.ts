import { describe, expect, it } from "vitest";
import { doorOf, route, type DoorName, type Doors } from "./route.ts";
import { received } from "./auth/testing/requests.ts";
import type { Handler, Reply } from "./transport/transport.ts";

const ecr = { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.ListImages" };
const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };

describe("a request's door", () => {
  it.each<[string, string, Record<string, string>, DoorName]>([
    ["POST", "/", ecr, "ecr"],
    ["POST", "/?x", ecr, "ecr"],
    ["POST", "/", { "x-amz-target": "Stowage_V1.GetStatus" }, "admin"],
    ["POST", "/", { "x-amz-target": "Stowage_V1x.GetStatus" }, "ecr"],
    ["POST", "/", { "x-amz-target": "Nothing" }, "ecr"],
    ["POST", "/", form, "sts"],
    ["POST", "/", { ...form, ...ecr }, "ecr"],
    ["POST", "/", {}, "ecr"],
    ["GET", "/?Action=GetCallerIdentity&Version=2011-06-15", {}, "sts"],
    ["GET", "/?X-Amz-Date=1&Action=GetCallerIdentity", {}, "sts"],
    ["GET", "/?NoAction=1", {}, "web"],
    ["GET", "/", {}, "web"],
    ["DELETE", "/", {}, "web"],
    ["GET", "/v2", {}, "oci"],
    ["GET", "/v2?x=1", {}, "oci"],
    ["GET", "/v2/", {}, "oci"],
    ["POST", "/v2/app/blobs/uploads/?mount=x", form, "oci"],
    ["GET", "/v2x/", {}, "none"],
    ["GET", "/v1/", {}, "none"],
    ["GET", "/layers/x", {}, "layers"],
    ["GET", "/layers", {}, "none"],
    ["GET", "/healthz", {}, "health"],
    ["GET", "/readyz?verbose", {}, "health"],
    ["GET", "/metrics", {}, "metrics"],
    ["GET", "/metrics/x", {}, "none"],
    ["OPTIONS", "*", {}, "none"],
    ["GET", "//v2/", {}, "none"],
  ])("%s %s %o is %s", (method, target, headers, door) => {
    expect(doorOf({ method, target, headers })).toBe(door);
  });
});

describe("the port", () => {
  const named =
    (name: string): Handler =>
    () => ({ status: 200, body: name });
  const doors: Doors = {
    ecr: named("ecr"),
    admin: named("admin"),
    sts: named("sts"),
    oci: named("oci"),
    layers: named("layers"),
    welcome: named("welcome"),
    isReady: () => isReady,
  };
  let isReady = true;
  const ask = async (method: string, target: string, handler = route(doors)): Promise<Reply> =>
    handler(received({ method, target }));

  it("hands requests to their doors", async () => {
    expect((await ask("GET", "/v2/")).body).toBe("oci");
    expect((await ask("GET", "/layers/x")).body).toBe("layers");
    expect((await ask("POST", "/")).body).toBe("ecr");
    expect((await ask("GET", "/")).body).toBe("welcome");
    expect((await ask("HEAD", "/")).body).toBe("welcome");
  });

  it("is alive always and ready when it is", async () => {
    expect((await ask("GET", "/readyz")).status).toBe(200);
    isReady = false;
    expect((await ask("GET", "/readyz")).status).toBe(503);
    expect((await ask("GET", "/healthz")).status).toBe(200);
    isReady = true;
  });

  it("has metrics only when it is given them", async () => {
    expect((await ask("GET", "/metrics")).status).toBe(404);
    expect((await ask("GET", "/metrics", route({ ...doors, metrics: named("numbers") }))).body).toBe("numbers");
  });

  it.each(["/", "/healthz", "/readyz", "/metrics"])("takes nothing but reads on %s", async (target) => {
    const reply = await ask("DELETE", target);
    expect(reply).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });

  it.each(["/console", "/favicon.ico", "/v1/", "*"])("knows nothing of %s", async (target) => {
    expect((await ask("GET", target)).status).toBe(404);
  });
});
