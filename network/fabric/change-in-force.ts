/** Whether a configuration is as a change would have it. */
import type { common } from '@hyperledger/fabric-protos';
import { entriesOf, writtenElements, type WrittenElement } from './written-elements.js';

/**
 * Of two changes made from the same configuration one comes into force and the other is refused, and both write the same
 * versions: so what is written is compared, too.
 *
 * @returns true if every element that the change writes stands in the configuration, with its version and what it holds
 * @throws Problem FABRIC_CHANGE_UNREADABLE
 */
export function changeIsIn(config: common.Config, update: common.ConfigUpdate): boolean {
  return writtenElements(update, config.getChannelGroup()).every(isAsWritten);
}

function isAsWritten(element: WrittenElement): boolean {
  const { written, known } = element;
  return known !== undefined && known.getVersion() === written.getVersion() && known.getModPolicy() === written.getModPolicy() && holdsTheSame(element);
}

function holdsTheSame(element: WrittenElement): boolean {
  if (element.known === undefined) return false;
  switch (element.kind) {
    case 'group': return memberNames(element.known) === memberNames(element.written);
    case 'value': return Buffer.compare(element.known.getValue_asU8(), element.written.getValue_asU8()) === 0;
    case 'policy': return Buffer.compare(policyBytes(element.known), policyBytes(element.written)) === 0;
  }
}

function memberNames(group: common.ConfigGroup): string {
  return JSON.stringify([group.getGroupsMap(), group.getValuesMap(), group.getPoliciesMap()].map((map) => entriesOf<unknown>(map).map(([name]) => name)));
}

const policyBytes = (policy: common.ConfigPolicy): Uint8Array => policy.getPolicy()?.serializeBinary() ?? new Uint8Array();
