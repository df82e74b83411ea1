import { common } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configUpdate } from '../../../network/fabric/config-update.js';

/** A configuration as plain data: what is compared, besides the versions. */
interface Tree {
  readonly modPolicy: string;
  readonly values: Readonly<Record<string, string>>;
  readonly policies: Readonly<Record<string, number>>;
  readonly groups: Readonly<Record<string, Tree>>;
}

const NAMES = fc.constantFrom('Orderer', 'Application', 'MSP', 'Endpoints');
const tree = (depth: number): fc.Arbitrary<Tree> => fc.record({
  modPolicy: fc.constantFrom('Admins', '/Channel/Orderer/Admins'),
  values: fc.dictionary(NAMES, fc.constantFrom('', 'a', 'b'), { maxKeys: 3 }),
  policies: fc.dictionary(NAMES, fc.integer({ min: 1, max: 3 }), { maxKeys: 2 }),
  groups: depth === 0 ? fc.constant({}) : fc.dictionary(NAMES, tree(depth - 1), { maxKeys: 3 }),
});

/** @param version of the next member, as it comes */
function groupOf({ modPolicy, values, policies, groups }: Tree, version: () => number): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setVersion(version());
  group.setModPolicy(modPolicy);
  for (const [name, text] of Object.entries(values)) {
    const value = new common.ConfigValue();
    value.setValue(Buffer.from(text));
    value.setVersion(version());
    value.setModPolicy('Admins');
    group.getValuesMap().set(name, value);
  }
  for (const [name, type] of Object.entries(policies)) {
    const rule = new common.Policy();
    rule.setType(type);
    const policy = new common.ConfigPolicy();
    policy.setPolicy(rule);
    policy.setVersion(version());
    policy.setModPolicy('Admins');
    group.getPoliciesMap().set(name, policy);
  }
  for (const [name, inner] of Object.entries(groups)) group.getGroupsMap().set(name, groupOf(inner, version));
  return group;
}

type Element = { readonly version: number; readonly modPolicy: string; readonly content: string; readonly members: readonly string[] };

/** Every element under its path, as an orderer lays a configuration out. */
function laidOut(group: common.ConfigGroup, path = 'Channel', into = new Map<string, Element>()): Map<string, Element> {
  const members: string[] = [];
  const add = (kind: string, name: string, version: number, modPolicy: string, content: Uint8Array): void => {
    members.push(`${path}/${kind}:${name}`);
    into.set(`${path}/${kind}:${name}`, { version, modPolicy, content: Buffer.from(content).toString('hex'), members: [] });
  };
  group.getValuesMap().forEach((value: common.ConfigValue, name: string) => { add('value', name, value.getVersion(), value.getModPolicy(), value.getValue_asU8()); });
  group.getPoliciesMap().forEach((policy: common.ConfigPolicy, name: string) => { add('policy', name, policy.getVersion(), policy.getModPolicy(), policy.getPolicy()?.serializeBinary() ?? Buffer.alloc(0)); });
  group.getGroupsMap().forEach((inner: common.ConfigGroup, name: string) => {
    members.push(`${path}/group:${name}`);
    laidOut(inner, `${path}/group:${name}`, into);
  });
  into.set(path, { version: group.getVersion(), modPolicy: group.getModPolicy(), content: '', members: members.sort() });
  return into;
}

/** What an orderer makes of a difference (`common/configtx`: read set, delta set, result), or its refusal. */
function applied(existing: Map<string, Element>, update: common.ConfigUpdate): Map<string, Element> {
  const [read, write] = [laidOut(update.getReadSet()!), laidOut(update.getWriteSet()!)];
  for (const [path, { version }] of read) expect([path, existing.get(path)?.version]).toEqual([path, version]);
  const result = new Map(existing);
  for (const [path, element] of write) {
    if (read.get(path)?.version === element.version) continue;
    expect([path, element.version, element.modPolicy]).toEqual([path, existing.has(path) ? existing.get(path)!.version + 1 : 0, expect.stringMatching(/./)]);
    result.set(path, element);
  }
  return reachable(result);
}

function reachable(all: Map<string, Element>, path = 'Channel', found = new Map<string, Element>()): Map<string, Element> {
  const element = all.get(path);
  expect([path, element === undefined]).toEqual([path, false]);
  found.set(path, element!);
  for (const member of element!.members) reachable(all, member, found);
  return found;
}

const withoutVersions = (elements: Map<string, Element>): unknown => [...elements].map(([path, { modPolicy, content, members }]) => [path, modPolicy, content, members]).sort();

describe('the difference of two configurations', () => {
  it('makes of the one the other, by an orderer\'s rules; of equal ones there is none', () => {
    fc.assert(fc.property(tree(2), tree(2), fc.array(fc.nat(9), { minLength: 1, maxLength: 7 }), (from, to, versions) => {
      let at = 0;
      const original = groupOf(from, () => versions[at++ % versions.length]!);
      const wanted = groupOf(to, () => 5);
      const update = configUpdate('minhchung', original, wanted);
      const same = JSON.stringify(withoutVersions(laidOut(original))) === JSON.stringify(withoutVersions(laidOut(wanted)));
      expect(update === undefined).toBe(same);
      if (update === undefined) return;
      expect(update.getChannelId()).toBe('minhchung');
      expect(withoutVersions(applied(laidOut(original), update))).toEqual(withoutVersions(laidOut(wanted)));
    }), { numRuns: 500 });
  });

  it('holds nothing that did not change: one value of many', () => {
    const plain: Tree = { modPolicy: 'Admins', values: { MSP: 'a', Endpoints: 'a' }, policies: { MSP: 1 }, groups: {} };
    const from = { ...plain, groups: { Orderer: plain, Application: plain } };
    const to = { ...from, groups: { ...from.groups, Orderer: { ...plain, values: { MSP: 'a', Endpoints: 'b' } } } };
    const update = configUpdate('minhchung', groupOf(from, () => 3), groupOf(to, () => 0))!;
    expect([...laidOut(update.getWriteSet()!)].map(([path, { version }]) => [path, version])).toEqual([
      ['Channel/group:Orderer/value:Endpoints', 4], ['Channel/group:Orderer', 3], ['Channel', 3],
    ]);
    expect([...laidOut(update.getReadSet()!).keys()]).toEqual(['Channel/group:Orderer', 'Channel']);
  });
});
