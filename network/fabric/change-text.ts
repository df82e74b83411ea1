/** A change of the channel in words that an administrator can judge before signing: all that a signature would cover. */
import type { common } from '@hyperledger/fabric-protos';
import { changeFingerprint, changeSignatures, updateIn } from './channel-change.js';
import { policyWords, valueWords } from './config-words.js';
import { shown } from './hosts/take-file.js';
import { entriesOf, plain, quoted, readVersions, writtenElements, type WrittenElement } from './written-elements.js';

/**
 * @param change as `proposedChange` gave it, with any signatures
 * @param config the newest configuration, to tell what goes and what was there before; without it only what comes is told
 * @returns for each element that it would write its version, what it then holds, who may change it, and what is there no more;
 *   the versions on which it rests; the signatures that count and those that do not; its fingerprint
 * @throws Problem FABRIC_CHANGE_UNREADABLE, also if anything in it cannot be told
 */
export function changeLines(change: Uint8Array, config?: common.Config): string[] {
  const update = updateIn(change);
  const channel = config?.getChannelGroup();
  return [
    `channel ${plain(update.getChannelId())}`,
    ...writtenElements(update, channel).flatMap((element) => [...elementLines(element), ...staleLine(element, channel)]),
    ...(channel === undefined ? ['compared with nothing, for no peer with its administrator is here: what a group loses is only seen from the list of what it has then'] : []),
    `rests on ${readVersions('Channel', update.getReadSet()).join(', ') || 'no version'}`,
    ...signatureLines(change, config),
    `fingerprint ${shown(changeFingerprint(change))}`,
  ];
}

/** @returns who has signed so that it counts, and a line for each signature that does not */
export function signatureLines(change: Uint8Array, config?: common.Config): string[] {
  const judged = changeSignatures(change, config);
  const signers = judged.filter(({ fault }) => fault === undefined).map(({ mspId }) => plain(mspId));
  const others = judged.flatMap(({ mspId, fault }) => (fault === undefined ? [] : [`not counted: a signature in the name of ${plain(mspId)}: ${fault}`]));
  return [signers.length === 0 ? 'signed by nobody yet' : `signed by ${signers.join(', ')}`, ...others];
}

function elementLines(element: WrittenElement): string[] {
  const { path, written, known } = element;
  const was = known === undefined || known.getModPolicy() === written.getModPolicy() ? '' : ` (was ${quoted(known.getModPolicy())})`;
  const head = `${path}, version ${written.getVersion()}: ${element.kind} that ${quoted(written.getModPolicy())} may change${was}`;
  const [now, before] = [contentOf(element), known === undefined ? [] : formerContent(element)];
  return [head, ...now.map((line) => `  ${line}`), ...before.filter((line) => !now.includes(line)).map((line) => `  no more: ${line}`)];
}

function contentOf(element: WrittenElement): string[] {
  switch (element.kind) {
    case 'group': return memberLines(element.written);
    case 'value': return valueWords(element.name, element.written.getValue_asU8(), element.path);
    case 'policy': return [policyWords(element.written.getPolicy(), element.path)];
  }
}

function formerContent(element: WrittenElement): string[] {
  switch (element.kind) {
    case 'group': return element.known === undefined ? [] : memberLines(element.known);
    case 'value': return valueWords(element.name, element.known?.getValue_asU8() ?? new Uint8Array(), `${element.path} as it is`);
    case 'policy': return [policyWords(element.known?.getPolicy(), `${element.path} as it is`)];
  }
}

/** One line for each member, so that one that goes is told by itself. */
function memberLines(group: common.ConfigGroup): string[] {
  const kinds = [['group', group.getGroupsMap()], ['value', group.getValuesMap()], ['policy', group.getPoliciesMap()]] as const;
  return kinds.flatMap(([kind, map]) => entriesOf<unknown>(map).map(([name]) => `${kind} ${plain(name)}`));
}

/** Fabric writes the next version of what is there, and version 0 of what is not. */
function staleLine({ path, written, known }: WrittenElement, channel: common.ConfigGroup | undefined): string[] {
  const next = known === undefined ? 0 : known.getVersion() + 1;
  return channel === undefined || written.getVersion() === next ? [] : [`${path}: does not fit the channel as it is now, where version ${next} would be next`];
}
