/** A change of the channel in words that an administrator can judge before signing. */
import type { common } from '@hyperledger/fabric-protos';
import { changeSigners, updateIn } from './channel-change.js';

/**
 * @param change as `proposedChange` gave it, with any signatures
 * @returns one line for each element that it would write, e.g. `Channel/Application, version 2: members CustomsMSP, IndustryMSP, …`,
 *   and one that names who has signed
 * @throws Problem FABRIC_CHANGE_UNREADABLE
 */
export function changeLines(change: Uint8Array): string[] {
  const update = updateIn(change);
  const lines = written('Channel', update.getReadSet(), update.getWriteSet());
  const signers = changeSigners(change);
  return [`channel ${update.getChannelId()}`, ...lines, signers.length === 0 ? 'signed by nobody yet' : `signed by ${signers.join(', ')}`];
}

/** What is written differs in its version from what was read; what stands there with the same version rests as it is. */
function written(path: string, read: common.ConfigGroup | undefined, write: common.ConfigGroup | undefined): string[] {
  if (write === undefined) return [];
  const own = read?.getVersion() === write.getVersion() ? [] : [`${path}, version ${write.getVersion()}: members ${namesIn(write).join(', ') || 'none'}`];
  const lines = [...own];
  write.getValuesMap().forEach((value: common.ConfigValue, name: string) => {
    if (read?.getValuesMap().get(name)?.getVersion() !== value.getVersion()) lines.push(`${path}/${name}, version ${value.getVersion()}: value of ${value.getValue_asU8().length} bytes`);
  });
  write.getPoliciesMap().forEach((policy: common.ConfigPolicy, name: string) => {
    if (read?.getPoliciesMap().get(name)?.getVersion() !== policy.getVersion()) lines.push(`${path}/${name}, version ${policy.getVersion()}: policy`);
  });
  write.getGroupsMap().forEach((group: common.ConfigGroup, name: string) => { lines.push(...written(`${path}/${name}`, read?.getGroupsMap().get(name), group)); });
  return lines;
}

function namesIn(group: common.ConfigGroup): string[] {
  const names: string[] = [];
  group.getGroupsMap().forEach((_: unknown, name: string) => { names.push(name); });
  return names.sort();
}
