import { describe, expect, it } from "vitest";
import { redactTarget } from "./redact.ts";

describe("redactTarget", () => {
  it.each([
    ["/v2/", "/v2/"],
    ["/v2/?n=1&last=a", "/v2/?n=1&last=a"],
    ["/a?X-Amz-Signature=s&X-Amz-Date=d", "/a?X-Amz-Signature=***&X-Amz-Date=d"],
    ["/a?x-amz-security-token=s", "/a?x-amz-security-token=***"],
    ["/a?_state=s&n=1", "/a?_state=***&n=1"],
    ["/a?token=s=t&token=u", "/a?token=***&token=***"],
    ["/a?X%2DAmz%2dSignature=s", "/a?X%2DAmz%2dSignature=***"],
    ["/a?%zz=1&%74oken=s", "/a?%zz=1&%74oken=***"],
    ["/a?n=token", "/a?n=token"],
    ["/a?b?token=s", "/a?b?token=s"],
    ["/a?token", "/a?token"],
    ["/a?token=", "/a?token=***"],
  ])("%s is logged as %s", (target, logged) => {
    expect(redactTarget(target)).toBe(logged);
  });
});
