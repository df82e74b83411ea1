/** What a change would write, element by element, as Fabric reads it: whatever has not the version that was read. */
import type { common } from '@hyperledger/fabric-protos';
import { Problem } from '#domain/errors.js';

interface WrittenOf<Kind extends string, M> {
  readonly kind: Kind;
  /** e.g. `Channel/Application/CustomsMSP` */
  readonly path: string;
  /** Its own name, e.g. `CustomsMSP`. */
  readonly name: string;
  readonly written: M;
  /** The same element of the configuration it is compared with; none if it is new there, or nothing is compared. */
  readonly known: M | undefined;
}

export type WrittenElement = WrittenOf<'group', common.ConfigGroup> | WrittenOf<'value', common.ConfigValue> | WrittenOf<'policy', common.ConfigPolicy>;

interface Place {
  readonly path: string;
  readonly name: string;
  readonly read: common.ConfigGroup | undefined;
  readonly known: common.ConfigGroup | undefined;
}

type Bare = { getVersion(): number; getModPolicy(): string };

/** What is used of the maps of Protocol Buffers. */
interface MemberMap<M> {
  get(name: string): M | undefined;
  forEach(each: (member: M, name: string) => void): void;
}

/**
 * @param known the channel's group that the change is compared with
 * @throws Problem FABRIC_CHANGE_UNREADABLE if something stands in the change that would not be written
 */
export function writtenElements(update: common.ConfigUpdate, known?: common.ConfigGroup): WrittenElement[] {
  const [read, write] = [update.getReadSet(), update.getWriteSet()];
  if (write === undefined) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: 'the change writes nothing' });
  if (update.getIsolatedDataMap().getLength() > 0) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: 'the change holds data beside the configuration' });
  assertNothingIn('Channel', read);
  return inGroup(write, { path: 'Channel', name: 'Channel', read, known });
}

/** @returns e.g. `['Channel 0', 'Channel/Application 2']`: the versions on which a change rests */
export function readVersions(path: string, group: common.ConfigGroup | undefined): string[] {
  if (group === undefined) return [];
  const members = (map: MemberMap<Bare>): string[] => entriesOf(map).map(([name, one]) => `${path}/${plain(name)} ${one.getVersion()}`);
  return [
    `${path} ${group.getVersion()}`, ...members(group.getValuesMap()), ...members(group.getPoliciesMap()),
    ...entriesOf(group.getGroupsMap()).flatMap(([name, inner]) => readVersions(`${path}/${plain(name)}`, inner)),
  ];
}

function inGroup(write: common.ConfigGroup, place: Place): WrittenElement[] {
  const { path, read, known } = place;
  const at = (name: string): string => `${path}/${plain(name)}`;
  return [
    ...ifWritten({ kind: 'group' as const, path, name: place.name, written: write, known }, read, write.getModPolicy() === ''),
    ...entriesOf(write.getValuesMap()).flatMap(([name, written]) =>
      ifWritten({ kind: 'value' as const, path: at(name), name, written, known: known?.getValuesMap().get(name) }, read?.getValuesMap().get(name), written.getModPolicy() === '' && written.getValue_asU8().length === 0)),
    ...entriesOf(write.getPoliciesMap()).flatMap(([name, written]) =>
      ifWritten({ kind: 'policy' as const, path: at(name), name, written, known: known?.getPoliciesMap().get(name) }, read?.getPoliciesMap().get(name), written.getModPolicy() === '' && !written.hasPolicy())),
    ...entriesOf(write.getGroupsMap()).flatMap(([name, inner]) => inGroup(inner, { path: at(name), name, read: read?.getGroupsMap().get(name), known: known?.getGroupsMap().get(name) })),
  ];
}

/** What stands there with the version that was read rests as it is, and so may hold nothing. */
function ifWritten<E extends WrittenElement>(element: E, read: Bare | undefined, isBare: boolean): E[] {
  if (read?.getVersion() !== element.written.getVersion()) return [element];
  if (!isBare) throw idle(element.path);
  return [];
}

function assertNothingIn(path: string, read: common.ConfigGroup | undefined): void {
  if (read === undefined) return;
  const values = entriesOf(read.getValuesMap()).filter(([, one]) => one.getValue_asU8().length > 0);
  const policies = entriesOf(read.getPoliciesMap()).filter(([, one]) => one.hasPolicy());
  const ruled = [read, ...[...entriesOf(read.getValuesMap()), ...entriesOf(read.getPoliciesMap())].map(([, one]) => one)].filter((one) => one.getModPolicy() !== '');
  if (values.length + policies.length + ruled.length > 0) throw idle(path);
  for (const [name, inner] of entriesOf(read.getGroupsMap())) assertNothingIn(`${path}/${plain(name)}`, inner);
}

const idle = (path: string): Problem => new Problem('FABRIC_CHANGE_UNREADABLE', { reason: `${path}: holds something that would not be written` });

/** @returns the members of one kind, sorted by name */
export function entriesOf<M>(map: MemberMap<M>): [string, M][] {
  const entries: [string, M][] = [];
  map.forEach((member, name) => { entries.push([name, member]); });
  return entries.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

/** A name that a terminal shows as it is; any other one in quotes, so that it is taken for nothing else. */
export function plain(name: string): string {
  return /^[A-Za-z0-9._-]+$/.test(name) ? name : quoted(name);
}

/** Text from a file, in quotes, with every character that a terminal might not show as itself written by its number. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
