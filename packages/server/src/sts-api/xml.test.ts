import fc from "fast-check";
import { expect, it } from "vitest";
import { xmlElement } from "./xml.ts";

it("markup and characters that XML cannot carry do not get through", () => {
  expect(xmlElement("A", `<b>&"'`)).toBe("<A>&lt;b&gt;&amp;&quot;&apos;</A>");
  expect(xmlElement("A", "\0\u0008\uffff\ud800x\udc00")).toBe("<A>\ufffd\ufffd\ufffd\ufffdx\ufffd</A>");
  expect(xmlElement("A", "\t\n ü \u{1f600}")).toBe("<A>\t\n ü \u{1f600}</A>");
});

it("whatever the text, there is one element", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
      expect(xmlElement("A", text)).toMatch(/^<A>[^<>]*<\/A>$/);
    }),
  );
});
