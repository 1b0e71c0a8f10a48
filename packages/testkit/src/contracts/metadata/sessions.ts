import type { SessionRow } from "@stowage/registry";
import { describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import { addIdentities, at, key, openEach } from "./under-test.ts";

export function sessionRowsContract(open: OpenMetadata): void {
  describe("sessions", () => {
    const metadata = openEach(open);

    function session(accessKeyId: string, expiresAt: Date): SessionRow {
      return {
        accessKeyId,
        accountId: key.registryId,
        sealedSecret: new Uint8Array([0, 255, 7]),
        tokenHash: "ab".repeat(32),
        principalArn: `arn:aws:sts::${key.registryId}:assumed-role/builder/one`,
        identityArn: `arn:aws:iam::${key.registryId}:role/builder`,
        userId: "AROAEXAMPLE:one",
        policies: [{ name: "session", text: "{}" }],
        policyArns: ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"],
        tags: [{ key: "team", value: "é" }],
        createdAt: at(0),
        expiresAt,
      };
    }

    it("come back as they were stored", async () => {
      await addIdentities(metadata());
      await metadata().transaction((rows) => rows.sessions.insert(session("ASIA1", at(1))));
      expect(await metadata().sessions.find("ASIA1")).toEqual(session("ASIA1", at(1)));
      expect(await metadata().sessions.find("ASIA2")).toBeUndefined();
      await expect(metadata().transaction((rows) => rows.sessions.insert(session("ASIA1", at(1))))).rejects.toThrow(
        Error,
      );
    });

    it("go when they have expired, in batches, those first that expired first", async () => {
      await addIdentities(metadata());
      const removed = await metadata().transaction(async ({ sessions }) => {
        for (const hours of [4, 3, 2, 1]) await sessions.insert(session(`ASIA${hours}`, at(hours)));
        return [await sessions.deleteExpired(at(3), 2), await sessions.deleteExpired(at(3), 2)];
      });
      expect(removed).toEqual([2, 1]);
      const left = await Promise.all([1, 2, 3, 4].map((hours) => metadata().sessions.find(`ASIA${hours}`)));
      expect(left.map((found) => found?.accessKeyId)).toEqual([undefined, undefined, undefined, "ASIA4"]);
    });
  });
}
