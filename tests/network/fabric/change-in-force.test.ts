import type { common } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { changeIsIn } from '../../../network/fabric/change-in-force.js';
import { proposedChange, updateIn, type Edit } from '../../../network/fabric/channel-change.js';
import { withOrganisation, withoutOrganisation } from '../../../network/fabric/membership-edits.js';
import { entriesOf } from '../../../network/fabric/written-elements.js';
import { anchorPeers, policyOf, rule, sampleConfig, sampleOrganisation, valueOf, type SampleOrganisation } from './sample-channel.js';

let organisations: SampleOrganisation[];
let config: common.Config;
beforeAll(async () => {
  organisations = await Promise.all(['RegulatorMSP', 'IndustryMSP', 'CustomsMSP', 'PortsMSP'].map(sampleOrganisation));
  config = sampleConfig(organisations.slice(0, 2));
});

/** The configuration after a change, as Fabric makes it: what is written takes the place of what was there. */
function after(edit: Edit): common.Config {
  const made = config.cloneMessage();
  edit(made.getChannelGroup()!);
  const update = updateIn(proposedChange('minhchung', config, edit)!);
  takeVersions(made.getChannelGroup()!, update.getWriteSet()!);
  made.setSequence(config.getSequence() + 1);
  return made;
}

function takeVersions(group: common.ConfigGroup, write: common.ConfigGroup): void {
  group.setVersion(write.getVersion());
  for (const [name, one] of entriesOf(write.getValuesMap())) group.getValuesMap().get(name)!.setVersion(one.getVersion());
  for (const [name, one] of entriesOf(write.getPoliciesMap())) group.getPoliciesMap().get(name)!.setVersion(one.getVersion());
  for (const [name, inner] of entriesOf(write.getGroupsMap())) takeVersions(group.getGroupsMap().get(name)!, inner);
}

const application = (group: common.ConfigGroup): common.ConfigGroup => group.getGroupsMap().get('Application')!;
const joins = (index: number): Edit => (group) => { withOrganisation(organisations[index]!.mspId, organisations[index]!.group.cloneMessage())(group); };

describe('a change is in force', () => {
  const rivals: readonly (readonly [string, Edit, Edit])[] = [
    ['one joins, another one joins', joins(2), joins(3)],
    ['one joins, one leaves', joins(2), withoutOrganisation('IndustryMSP')],
    ['other members of a group', (group) => { application(group).getPoliciesMap().del('Readers'); }, (group) => { application(group).getPoliciesMap().del('Admins'); }],
    ['who may change a group', (group) => { application(group).setModPolicy('Readers'); }, (group) => { application(group).setModPolicy('Writers'); }],
    ['a policy', (group) => { group.getPoliciesMap().set('Admins', policyOf(rule('ANY', 'Admins'))); }, (group) => { group.getPoliciesMap().set('Admins', policyOf(rule('ALL', 'Admins'))); }],
    ['a value', anchors(7051), anchors(7052)],
  ];

  it.each(rivals)('when the channel is as it says, not when a rival came first: %s', (_name, own, rival) => {
    const update = updateIn(proposedChange('minhchung', config, own)!);
    expect([config, after(rival), after(own)].map((one) => changeIsIn(one, update))).toEqual([false, false, true]);
  });

  function anchors(port: number): Edit {
    return (group) => { application(group).getGroupsMap().get('IndustryMSP')!.getValuesMap().set('AnchorPeers', valueOf(anchorPeers('new.example', port))); };
  }
});
