import { describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import { addIdentities, at, identityOf, key, managedPolicyOf, openEach, otherAccount } from "./under-test.ts";

const AWS_POLICY = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly";
const account = key.registryId;

export function identityRowsContract(open: OpenMetadata): void {
  describe("identities", () => {
    const metadata = openEach(open);
    const ann = identityOf("user", "Ann");
    const team = identityOf("group", "team");

    it("come back as they were stored, and as they were changed", async () => {
      const role = identityOf("role", "builder", {
        arn: `arn:aws:iam::${account}:role/ci/builder`,
        path: "/ci/",
        tags: [{ key: "team", value: "é" }],
        boundaryArn: AWS_POLICY,
        trustPolicy: "{}",
        maxSessionSeconds: 7200,
      });
      await addIdentities(metadata(), ann, role);
      expect(await metadata().identities.find(ann.arn)).toEqual(ann);
      expect(await metadata().identities.find(role.arn)).toEqual(role);
      expect(await metadata().identities.find(`${role.arn}s`)).toBeUndefined();

      const changed = { ...ann, tags: [{ key: "a", value: "" }], boundaryArn: AWS_POLICY };
      const { boundaryArn: _, ...unbounded } = role;
      const plain = { ...unbounded, tags: [], trustPolicy: "{ }", maxSessionSeconds: 3600 };
      await metadata().transaction(async ({ identities }) => {
        await identities.update(changed);
        await identities.update(plain);
      });
      expect(await metadata().identities.find(ann.arn)).toEqual(changed);
      expect(await metadata().identities.find(role.arn)).toEqual(plain);
      const update = metadata().transaction(({ identities }) => identities.update(team));
      await expect(update).rejects.toThrow("there is no identity");
    });

    it("are found by account, kind and name, whatever the case and the path", async () => {
      await addIdentities(metadata(), ann);
      const { identities } = metadata();
      expect(await identities.findByName(account, "user", "aNN")).toEqual(ann);
      expect(await identities.findByName(account, "group", "Ann")).toBeUndefined();
      expect(await identities.findByName(otherAccount.registryId, "user", "Ann")).toBeUndefined();
    });

    it("have their name once among those of their kind, and a unique id once among all", async () => {
      await addIdentities(metadata(), ann, identityOf("group", "Ann"));
      const twin = { arn: `arn:aws:iam::${account}:user/x/ann`, path: "/x/" };
      await expect(addIdentities(metadata(), identityOf("user", "ann", twin))).rejects.toThrow(Error);
      const sameId = identityOf("role", "r", { uniqueId: ann.uniqueId });
      await expect(addIdentities(metadata(), sameId)).rejects.toThrow(Error);
      const stranger = identityOf("user", "x", { accountId: otherAccount.registryId });
      await expect(addIdentities(metadata(), stranger)).rejects.toThrow(Error);
    });

    it("are listed by name in byte order, page by page", async () => {
      const names = ["+", "9", "Z", "_", "a", "a.b", "a0", "b"];
      await addIdentities(metadata(), team, ...names.toReversed().map((name) => identityOf("user", name)));
      const seen: string[] = [];
      for (let after: string | undefined; ; after = seen.at(-1)) {
        const page = { ...(after === undefined ? {} : { after }), limit: 3 };
        const listed = await metadata().identities.list(account, "user", page);
        seen.push(...listed.map(({ name }) => name));
        if (listed.length < 3) break;
      }
      expect(seen).toEqual(names);
      expect(await metadata().identities.count(account, "user")).toBe(names.length);
      expect(await metadata().identities.count(account, "role")).toBe(0);
      expect(await metadata().identities.list(otherAccount.registryId, "user", { limit: 1 })).toEqual([]);
    });

    it("join groups and leave them", async () => {
      const other = identityOf("group", "other");
      const bob = identityOf("user", "bob");
      await addIdentities(metadata(), ann, bob, team, other);
      const done = await metadata().transaction(async ({ identities }) => {
        await identities.addMember(team.arn, ann.arn);
        await identities.addMember(team.arn, ann.arn);
        await identities.addMember(team.arn, bob.arn);
        await identities.addMember(other.arn, ann.arn);
        return [await identities.removeMember(team.arn, bob.arn), await identities.removeMember(team.arn, bob.arn)];
      });
      expect(done).toEqual([true, false]);
      expect(await metadata().identities.groupsOf(ann.arn)).toEqual([other, team]);
      expect(await metadata().identities.groupsOf(bob.arn)).toEqual([]);
      expect(await metadata().identities.membersOf(team.arn)).toEqual([ann]);
      const nobody = metadata().transaction(({ identities }) => identities.addMember(team.arn, "arn"));
      await expect(nobody).rejects.toThrow(Error);
    });

    it("have inline policies by name", async () => {
      await addIdentities(metadata(), ann);
      const done = await metadata().transaction(async ({ identities }) => {
        await identities.putInlinePolicy(ann.arn, { name: "b", text: "1" });
        await identities.putInlinePolicy(ann.arn, { name: "a", text: "2" });
        await identities.putInlinePolicy(ann.arn, { name: "b", text: "3" });
        await identities.putInlinePolicy(ann.arn, { name: "c", text: "4" });
        return [await identities.deleteInlinePolicy(ann.arn, "c"), await identities.deleteInlinePolicy(ann.arn, "c")];
      });
      expect(done).toEqual([true, false]);
      expect(await metadata().identities.inlinePolicies(ann.arn)).toEqual([
        { name: "a", text: "2" },
        { name: "b", text: "3" },
      ]);
    });

    it("have managed policies attached, AWS's own among them", async () => {
      const policy = managedPolicyOf("push");
      const bound = identityOf("user", "bound", { boundaryArn: policy.arn });
      await addIdentities(metadata(), ann, team, bound);
      const done = await metadata().transaction(async ({ identities }) => {
        await identities.putPolicy(policy);
        await identities.attachPolicy(ann.arn, policy.arn);
        await identities.attachPolicy(ann.arn, policy.arn);
        await identities.attachPolicy(ann.arn, AWS_POLICY);
        await identities.attachPolicy(team.arn, policy.arn);
        await identities.attachPolicy(bound.arn, policy.arn);
        return [await identities.detachPolicy(team.arn, policy.arn), await identities.detachPolicy(team.arn, "arn")];
      });
      expect(done).toEqual([true, false]);
      expect(await metadata().identities.attachedPolicies(ann.arn)).toEqual([policy.arn, AWS_POLICY]);
      expect(await metadata().identities.usersOfPolicy(policy.arn, 10)).toEqual([ann.arn, bound.arn]);
      expect(await metadata().identities.usersOfPolicy(policy.arn, 1)).toEqual([ann.arn]);
      expect(await metadata().identities.usersOfPolicy(AWS_POLICY, 10)).toEqual([ann.arn]);
      await metadata().transaction(({ identities }) => identities.detachPolicy(bound.arn, policy.arn));
      expect(await metadata().identities.usersOfPolicy(policy.arn, 10)).toEqual([ann.arn, bound.arn]);
    });

    it("go with everything that is theirs, and leave others alone", async () => {
      const bob = identityOf("user", "bob");
      const session = { accessKeyId: "ASIA1", accountId: account, sealedSecret: new Uint8Array([1]), tokenHash: "0" };
      const acts = {
        principalArn: ann.arn,
        identityArn: ann.arn,
        userId: "AIDA",
        policies: [],
        policyArns: [],
        tags: [],
      };
      await addIdentities(metadata(), ann, bob, team);
      await metadata().transaction(async ({ identities, accessKeys, sessions }) => {
        for (const { arn } of [ann, bob]) {
          await identities.putInlinePolicy(arn, { name: "a", text: "{}" });
          await identities.attachPolicy(arn, AWS_POLICY);
          await identities.addMember(team.arn, arn);
          const accessKey = { accountId: account, principalArn: arn, sealedSecret: new Uint8Array([1]) };
          await accessKeys.insert({ ...accessKey, accessKeyId: `AKIA${arn}`, status: "Active", createdAt: at(0) });
        }
        await sessions.insert({ ...session, ...acts, createdAt: at(0), expiresAt: at(1) });
        await identities.delete(ann.arn);
      });
      expect(await metadata().identities.find(ann.arn)).toBeUndefined();
      expect(await metadata().identities.inlinePolicies(ann.arn)).toEqual([]);
      expect(await metadata().identities.membersOf(team.arn)).toEqual([bob]);
      expect(await metadata().identities.usersOfPolicy(AWS_POLICY, 10)).toEqual([bob.arn]);
      expect(await metadata().accessKeys.list(ann.arn)).toEqual([]);
      expect(await metadata().accessKeys.list(bob.arn)).toHaveLength(1);
      expect(await metadata().sessions.find("ASIA1")).toBeUndefined();
      await metadata().transaction(({ identities }) => identities.delete(team.arn));
      expect(await metadata().identities.groupsOf(bob.arn)).toEqual([]);
      const again = metadata().transaction(({ identities }) => identities.delete(team.arn));
      await expect(again).rejects.toThrow("there is no identity");
    });
  });

  managedPolicies(open);
}

function managedPolicies(open: OpenMetadata): void {
  describe("managed policies", () => {
    const metadata = openEach(open);

    it("are stored, replaced, listed by name and deleted", async () => {
      const push = managedPolicyOf("push", { arn: `arn:aws:iam::${account}:policy/ci/push`, path: "/ci/" });
      const pull = managedPolicyOf("pull");
      await addIdentities(metadata());
      await metadata().transaction(async ({ identities }) => {
        await identities.putPolicy(push);
        await identities.putPolicy(pull);
        await identities.putPolicy({ ...push, text: "{ }", createdAt: at(5), updatedAt: at(5) });
      });
      const replaced = { ...push, text: "{ }", updatedAt: at(5) };
      expect(await metadata().identities.findPolicy(push.arn)).toEqual(replaced);
      expect(await metadata().identities.listPolicies(account)).toEqual([pull, replaced]);
      expect(await metadata().identities.listPolicies(otherAccount.registryId)).toEqual([]);
      const deleted = await metadata().transaction(async ({ identities }) => [
        await identities.deletePolicy(push.arn),
        await identities.deletePolicy(push.arn),
      ]);
      expect(deleted).toEqual([true, false]);
      expect(await metadata().identities.findPolicy(push.arn)).toBeUndefined();
    });

    it("have their name once in an account, whatever the case and the path", async () => {
      await addIdentities(metadata());
      const twin = managedPolicyOf("Push", { arn: `arn:aws:iam::${account}:policy/x/Push`, path: "/x/" });
      const both = metadata().transaction(async ({ identities }) => {
        await identities.putPolicy(managedPolicyOf("push"));
        await identities.putPolicy(twin);
      });
      await expect(both).rejects.toThrow(Error);
    });

    it("are read with all else that decides about an identity in one go", async () => {
      const [own, ofGroup, boundary, unused] = ["own", "ofGroup", "boundary", "unused"].map((name) =>
        managedPolicyOf(name),
      );
      if (!own || !ofGroup || !boundary || !unused) throw new Error("a policy is missing");
      const user = identityOf("user", "ann", { boundaryArn: boundary.arn });
      const [one, two] = [identityOf("group", "one"), identityOf("group", "two")];
      await addIdentities(metadata(), user, one, two, identityOf("role", "bare"));
      await metadata().transaction(async ({ identities }) => {
        for (const policy of [own, ofGroup, boundary, unused]) await identities.putPolicy(policy);
        for (const { arn } of [one, two]) {
          await identities.addMember(arn, user.arn);
          await identities.attachPolicy(arn, ofGroup.arn);
          await identities.putInlinePolicy(arn, { name: "a", text: arn });
        }
        await identities.attachPolicy(user.arn, own.arn);
        await identities.attachPolicy(two.arn, AWS_POLICY);
        await identities.putInlinePolicy(user.arn, { name: "b", text: "{}" });
      });
      const { managed, ...policies } = (await metadata().identities.policiesOf(user.arn)) ?? { managed: [] };
      expect(policies).toEqual({
        identity: user,
        inline: [
          { owner: user.arn, name: "b", text: "{}" },
          { owner: one.arn, name: "a", text: one.arn },
          { owner: two.arn, name: "a", text: two.arn },
        ],
        attached: [own.arn, ofGroup.arn, AWS_POLICY],
      });
      expect(managed.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([boundary, ofGroup, own]);
      const bare = await metadata().identities.policiesOf(identityOf("role", "bare").arn);
      expect(bare).toEqual({ identity: identityOf("role", "bare"), inline: [], attached: [], managed: [] });
      expect(await metadata().identities.policiesOf("arn")).toBeUndefined();
    });
  });
}
