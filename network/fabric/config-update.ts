/**
 * What must be asked of the channel to turn its configuration into another one: Fabric takes no configuration, only the
 * difference, with the version of everything that it rests on (read set) and that it changes (write set).
 */
import { common } from '@hyperledger/fabric-protos';

type Member = common.ConfigGroup | common.ConfigValue | common.ConfigPolicy;
type Members<M extends Member> = ReadonlyMap<string, M>;

/** The part of a difference that concerns one group. */
interface Difference {
  readonly read: common.ConfigGroup;
  readonly write: common.ConfigGroup;
  readonly differs: boolean;
}

/** Members of one kind, sorted by what becomes of them. */
interface Sorted<M extends Member> {
  readonly same: Members<M>;
  readonly reads: Members<M>;
  readonly writes: Members<M>;
  /** A member came or went: that changes the group itself. */
  readonly isOtherMembership: boolean;
}

/**
 * @param channel e.g. `minhchung`
 * @param original the channel's group as the newest configuration block has it
 * @param wanted the same with the changes; its versions do not matter
 * @returns the difference, or `undefined` if there is none
 */
export function configUpdate(channel: string, original: common.ConfigGroup, wanted: common.ConfigGroup): common.ConfigUpdate | undefined {
  const { read, write, differs } = differenceOf(original, wanted);
  if (!differs) return undefined;
  const update = new common.ConfigUpdate();
  update.setChannelId(channel);
  update.setReadSet(read);
  update.setWriteSet(write);
  return update;
}

function differenceOf(original: common.ConfigGroup, wanted: common.ConfigGroup): Difference {
  const values = sorted(entriesOf(original.getValuesMap()), entriesOf(wanted.getValuesMap()), changedValue);
  const policies = sorted(entriesOf(original.getPoliciesMap()), entriesOf(wanted.getPoliciesMap()), changedPolicy);
  const groups = sortedGroups(entriesOf(original.getGroupsMap()), entriesOf(wanted.getGroupsMap()));
  const kinds = [values, policies, groups];
  const isOtherGroup = kinds.some(({ isOtherMembership }) => isOtherMembership) || original.getModPolicy() !== wanted.getModPolicy();
  const read = groupAt(original.getVersion());
  const write = groupAt(original.getVersion() + (isOtherGroup ? 1 : 0));
  if (isOtherGroup) {
    write.setModPolicy(wanted.getModPolicy());
    for (const group of [read, write]) addAll(group, { values: values.same, policies: policies.same, groups: groups.same });
  }
  addAll(read, { values: values.reads, policies: policies.reads, groups: groups.reads });
  addAll(write, { values: values.writes, policies: policies.writes, groups: groups.writes });
  return { read, write, differs: isOtherGroup || kinds.some(({ writes }) => writes.size > 0) };
}

/** @param changed the member to be written, or `undefined` if both are the same */
function sorted<M extends Member>(original: Members<M>, wanted: Members<M>, changed: (before: M, after: M, name: string) => M | undefined): Sorted<M> {
  const same = new Map<string, M>();
  const writes = new Map<string, M>();
  for (const [name, after] of wanted) {
    const before = original.get(name);
    const change = before === undefined ? asNew(after) : changed(before, after, name);
    if (change !== undefined) writes.set(name, change);
    else if (before !== undefined) same.set(name, versionOnly(before));
  }
  return { same, reads: new Map(), writes, isOtherMembership: isOtherSet(original, wanted) };
}

/** As `sorted`; a group that differs inside is also read, for its members' versions. */
function sortedGroups(original: Members<common.ConfigGroup>, wanted: Members<common.ConfigGroup>): Sorted<common.ConfigGroup> {
  const reads = new Map<string, common.ConfigGroup>();
  const result = sorted(original, wanted, (before, after, name) => {
    const { read, write, differs } = differenceOf(before, after);
    if (!differs) return undefined;
    reads.set(name, read);
    return write;
  });
  return { ...result, reads };
}

function isOtherSet(original: Members<Member>, wanted: Members<Member>): boolean {
  return original.size !== wanted.size || [...wanted.keys()].some((name) => !original.has(name));
}

function changedValue(before: common.ConfigValue, after: common.ConfigValue): common.ConfigValue | undefined {
  if (before.getModPolicy() === after.getModPolicy() && Buffer.compare(before.getValue_asU8(), after.getValue_asU8()) === 0) return undefined;
  const written = new common.ConfigValue();
  written.setValue(after.getValue_asU8());
  return versioned(written, before.getVersion() + 1, after.getModPolicy());
}

function changedPolicy(before: common.ConfigPolicy, after: common.ConfigPolicy): common.ConfigPolicy | undefined {
  if (before.getModPolicy() === after.getModPolicy() && Buffer.compare(policyBytes(before), policyBytes(after)) === 0) return undefined;
  const written = new common.ConfigPolicy();
  written.setPolicy(after.getPolicy());
  return versioned(written, before.getVersion() + 1, after.getModPolicy());
}

const policyBytes = (policy: common.ConfigPolicy): Uint8Array => policy.getPolicy()?.serializeBinary() ?? new Uint8Array();

function versioned<M extends Member>(member: M, version: number, modPolicy: string): M {
  member.setVersion(version);
  member.setModPolicy(modPolicy);
  return member;
}

/** What is new begins at version 0, whatever it was copied from; a group with all that is in it. */
function asNew<M extends Member>(member: M): M {
  const fresh = copyOf(member);
  fresh.setVersion(0);
  if (fresh instanceof common.ConfigGroup) {
    renew(fresh.getGroupsMap());
    renew(fresh.getValuesMap());
    renew(fresh.getPoliciesMap());
  }
  return fresh;
}

function renew<M extends Member>(map: MemberMap<M>): void {
  for (const [name, member] of entriesOf(map)) map.set(name, asNew(member));
}

function copyOf<M extends Member>(member: M): M {
  return (member.constructor as unknown as { deserializeBinary(bytes: Uint8Array): M }).deserializeBinary(member.serializeBinary());
}

/** An unchanged member stands in a difference with its version alone. */
function versionOnly<M extends Member>(member: M): M {
  const bare = new (member.constructor as new () => M)();
  bare.setVersion(member.getVersion());
  return bare;
}

function groupAt(version: number): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setVersion(version);
  return group;
}

interface Parts {
  readonly values: Members<common.ConfigValue>;
  readonly policies: Members<common.ConfigPolicy>;
  readonly groups: Members<common.ConfigGroup>;
}

function addAll(group: common.ConfigGroup, { values, policies, groups }: Parts): void {
  for (const [name, value] of values) group.getValuesMap().set(name, value);
  for (const [name, policy] of policies) group.getPoliciesMap().set(name, policy);
  for (const [name, inner] of groups) group.getGroupsMap().set(name, inner);
}

/** What is used of the maps of Protocol Buffers. */
interface MemberMap<M extends Member> {
  forEach(each: (member: M, name: string) => void): void;
  set(name: string, member: M): unknown;
}

function entriesOf<M extends Member>(map: MemberMap<M>): Map<string, M> {
  const entries = new Map<string, M>();
  map.forEach((member, name) => { entries.set(name, member); });
  return entries;
}
