import { X509Certificate } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '../../../network/enrolment/identity.js';
import { changeLines, signatureLines } from '../../../network/fabric/change-text.js';
import { changeFingerprint, proposedChange, signedChange, updateIn, type Edit } from '../../../network/fabric/channel-change.js';
import { withOrganisation, withoutOrganisation } from '../../../network/fabric/membership-edits.js';
import { entriesOf } from '../../../network/fabric/written-elements.js';
import { anchorPeers, capabilities, changeWith, contentOf, groupOf, mspValue, policyOf, policyWith, roleOf, rule, sampleConfig, sampleOrganisation, updateBytes, updateOf, valueOf, withContent, type SampleOrganisation } from './sample-channel.js';
import { lengthDelimited, number } from './wire-fields.js';

let regulator: SampleOrganisation;
let industry: SampleOrganisation;
let customs: SampleOrganisation;
let config: common.Config;

beforeAll(async () => {
  [regulator, industry, customs] = await Promise.all([sampleOrganisation('RegulatorMSP'), sampleOrganisation('IndustryMSP'), sampleOrganisation('CustomsMSP')]);
  config = sampleConfig([regulator, industry]);
});

const change = (edit: Edit): Uint8Array => proposedChange('minhchung', config, edit)!;
const shown = (edit: Edit): string[] => changeLines(change(edit), config);
const application = (channel: common.ConfigGroup): common.ConfigGroup => channel.getGroupsMap().get('Application')!;
const unreadable = (reason: string): unknown => expect.objectContaining({ code: 'FABRIC_CHANGE_UNREADABLE', fields: { reason: expect.stringContaining(reason) } });

describe('what is shown of a change', () => {
  it('one who joins: with the fingerprints of the roots, policies in words, and all that the group then has', () => {
    const lines = shown(withOrganisation('CustomsMSP', customs.group));
    const root = new X509Certificate(customs.authority.certificatePem);
    expect(lines.slice(0, -2)).toEqual([
      'channel minhchung',
      'Channel/Application, version 3: group that "Admins" may change',
      '  group CustomsMSP', '  group IndustryMSP', '  group RegulatorMSP', '  value Capabilities', '  policy Admins', '  policy Readers',
      'Channel/Application/CustomsMSP, version 0: group that "Admins" may change',
      '  value AnchorPeers', '  value MSP', '  policy Admins', '  policy Readers',
      'Channel/Application/CustomsMSP/AnchorPeers, version 0: value that "Admins" may change',
      '  anchorPeers 1 host: "peer.example"', '  anchorPeers 1 port: 7051',
      'Channel/Application/CustomsMSP/MSP, version 0: value that "Admins" may change',
      '  name: "CustomsMSP"',
      `  rootCerts 1: certificate of "${root.subject.replaceAll('\n', ', ')}", SHA-256 ${root.fingerprint256}`,
      '  fabricNodeOus enable: true', '  fabricNodeOus adminOuIdentifier organizationalUnitIdentifier: "admin"',
      'Channel/Application/CustomsMSP/Admins, version 0: policy that "Admins" may change', '  1 of (CustomsMSP.admin, CustomsMSP.member)',
      'Channel/Application/CustomsMSP/Readers, version 0: policy that "Admins" may change', '  1 of (CustomsMSP.admin, CustomsMSP.member)',
      'rests on Channel 0, Channel/Application 2, Channel/Application/Capabilities 0, Channel/Application/Admins 0, Channel/Application/Readers 0, Channel/Application/IndustryMSP 0, Channel/Application/RegulatorMSP 0',
    ]);
    expect(lines.slice(-2)).toEqual(['signed by nobody yet', expect.stringMatching(/^fingerprint(?: [0-9a-f]{8}){8}$/)]);
  });

  it.each<readonly [string, Edit, readonly string[]]>([
    ['an organisation that goes', withoutOrganisation('IndustryMSP'), ['  no more: group IndustryMSP']],
    ['a policy that goes', (group) => { application(group).getPoliciesMap().del('Readers'); }, ['  no more: policy Readers']],
    ['a value that goes', (group) => { application(group).getValuesMap().del('Capabilities'); }, ['  no more: value Capabilities']],
    ['who may change a group', (group) => { application(group).setModPolicy('Readers'); }, ['Channel/Application, version 3: group that "Readers" may change (was "Admins")']],
    ['who may change a policy', (group) => { application(group).getPoliciesMap().get('Admins')!.setModPolicy('Readers'); }, ['Channel/Application/Admins, version 1: policy that "Readers" may change (was "Admins")', '  MAJORITY of the "Admins" of the groups below']],
    ['a policy', (group) => { group.getPoliciesMap().set('Admins', policyOf(rule('ANY', 'Admins'))); }, ['Channel/Admins, version 1: policy that "Admins" may change', '  ANY of the "Admins" of the groups below', '  no more: MAJORITY of the "Admins" of the groups below']],
    ['a value', (group) => { application(group).getGroupsMap().get('IndustryMSP')!.getValuesMap().set('AnchorPeers', valueOf(anchorPeers('elsewhere.example', 7051))); }, ['  anchorPeers 1 host: "elsewhere.example"', '  anchorPeers 1 port: 7051', '  no more: anchorPeers 1 host: "peer.example"']],
    ['a map', (group) => { application(group).getValuesMap().set('Capabilities', valueOf(capabilities('V9'))); }, ['  capabilities V9: empty', '  no more: capabilities V2_5: empty']],
  ])('%s', (_name, edit, expected) => {
    expect(shown(edit)).toEqual(expect.arrayContaining([...expected]));
  });

  it('roots of another authority under a known name have another fingerprint', async () => {
    const other = await sampleOrganisation('CustomsMSP');
    const fingerprints = [customs, other].map(({ group }) => shown(withOrganisation('CustomsMSP', group)).find((line) => line.startsWith('  rootCerts 1')));
    expect(fingerprints[0]).not.toBe(fingerprints[1]);
  });

  it('text from the file cannot be taken for anything else', () => {
    const lines = shown((group) => { application(group).setModPolicy('Admins"\u001b[2K\u202e\nsigned by RegulatorMSP'); });
    expect(lines[1]).toBe('Channel/Application, version 3: group that "Admins\\"\\u001b[2K\\u202e\\nsigned by RegulatorMSP" may change (was "Admins")');
    expect(shown((group) => { application(group).getGroupsMap().set('A/B', groupOf({})); })).toContain('Channel/Application/"A/B", version 0: group that "Admins" may change');
  });

  it('bytes beside a certificate are not hidden behind its fingerprint', () => {
    const group = customs.group.cloneMessage();
    group.getValuesMap().set('MSP', valueOf(mspValue('CustomsMSP', `${customs.authority.certificatePem}${industry.authority.certificatePem}`)));
    expect(shown(withOrganisation('CustomsMSP', group)).filter((line) => line.includes('certificate of'))).toEqual([]);
  });

  it('without the channel\'s configuration it is said that nothing was compared', () => {
    expect(changeLines(change(withoutOrganisation('IndustryMSP')))).toContainEqual(expect.stringMatching(/^compared with nothing/));
    expect(shown(withoutOrganisation('IndustryMSP')).filter((line) => line.startsWith('compared'))).toEqual([]);
  });

  it('that was made from another configuration does not fit', () => {
    const later = config.cloneMessage();
    application(later.getChannelGroup()!).setVersion(7);
    expect(changeLines(change(withoutOrganisation('IndustryMSP')), later)).toContain('Channel/Application: does not fit the channel as it is now, where version 8 would be next');
  });
});

describe('what cannot be shown', () => {
  it.each<readonly [string, Edit]>([
    ['a value that Fabric does not know', (group) => { group.getValuesMap().set('Surprise', valueOf(Buffer.from('x'))); }],
    ['a value that is not what its name says', (group) => { application(group).getValuesMap().set('Capabilities', valueOf(Buffer.from([0xff]))); }],
    ['a policy without a kind', (group) => { group.getPoliciesMap().set('Admins', policyOf(policyWith(0, new Uint8Array()))); }],
    ['a policy that says two things', (group) => { group.getPoliciesMap().set('Admins', policyOf(policyWith(common.Policy.PolicyType.IMPLICIT_META, Buffer.concat([rule('ANY', 'Admins').getValue_asU8(), rule('MAJORITY', 'Admins').getValue_asU8()])))); }],
    ['signatures by two rules', (group) => { group.getPoliciesMap().set('Admins', policyOf(policyWith(common.Policy.PolicyType.SIGNATURE, Buffer.concat([roleOf('AMSP').getValue_asU8(), roleOf('BMSP').getValue_asU8()])))); }],
  ])('%s is refused', (_name, edit) => {
    expect(() => shown(edit)).toThrow(unreadable('Channel/'));
  });

  it.each<readonly [string, (update: common.ConfigUpdate) => void, string]>([
    ['content of an element that would not be written', (update) => { application(update.getWriteSet()!).getPoliciesMap().get('Admins')!.setPolicy(rule('ANY', 'Admins')); }, 'Channel/Application/Admins'],
    ['content of an element that is only read', (update) => { application(update.getReadSet()!).getPoliciesMap().get('Admins')!.setModPolicy('x'); }, 'Channel/Application'],
    ['data beside the configuration', (update) => { update.getIsolatedDataMap().set('a', Buffer.from('b')); }, 'beside'],
    ['no write set', (update) => { update.clearWriteSet(); }, 'writes nothing'],
  ])('%s is refused', (_name, alter, reason) => {
    const proposed = change(withoutOrganisation('IndustryMSP'));
    const update = common.ConfigUpdate.deserializeBinary(updateBytes(proposed));
    alter(update);
    expect(() => changeLines(changeWith(proposed, update.serializeBinary()), config)).toThrow(unreadable(reason));
  });
});

describe('bytes that programs read in different ways', () => {
  const refused = (bytes: Uint8Array): void => {
    for (const read of [updateIn, changeLines, (one: Uint8Array) => signedChange(one, regulator.admin)]) expect(() => read(bytes)).toThrow(unreadable('different things'));
  };

  it('a policy hidden in a first copy of the write set, which Fabric joins with the second', () => {
    const hidden = new common.ConfigGroup();
    const any = policyOf(rule('ANY', 'Admins'));
    any.setVersion(1);
    hidden.getPoliciesMap().set('Admins', any);
    const proposed = change(withoutOrganisation('IndustryMSP'));
    const bytes = Buffer.concat([lengthDelimited(3, hidden.serializeBinary()), updateBytes(proposed)]);
    // What google-protobuf makes of it is the harmless change alone.
    expect(common.ConfigUpdate.deserializeBinary(bytes).toObject()).toEqual(common.ConfigUpdate.deserializeBinary(updateBytes(proposed)).toObject());
    refused(changeWith(proposed, bytes));
  });

  it('the same, made up for in length by an entry of a map that has no value', () => {
    const proposed = change(withoutOrganisation('IndustryMSP'));
    const update = updateIn(proposed);
    const [read, write] = [update.getReadSet()!.serializeBinary(), Buffer.from(update.getWriteSet()!.serializeBinary())];
    // An entry without its value is written anew with an empty one: two bytes more, as many as each copy of the version takes.
    const valueless = ['Y', 'Z'].map((name) => lengthDelimited(4, lengthDelimited(1, Buffer.from(name))));
    const bytes = updateOf('minhchung', read, Buffer.concat([number(1, 1), number(1, 0), write, ...valueless]));
    expect(common.ConfigUpdate.deserializeBinary(bytes).serializeBinary()).toHaveLength(bytes.length);
    refused(changeWith(proposed, bytes));
  });

  it('any field more, at any place', () => {
    const proposed = change(withOrganisation('CustomsMSP', customs.group));
    const update = updateIn(proposed);
    const [read, write] = [update.getReadSet()!.serializeBinary(), update.getWriteSet()!.serializeBinary()];
    const fields = fc.oneof(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.uint8Array({ maxLength: 6 })).map(([field, content]) => lengthDelimited(field, content)), fc.integer({ min: 6, max: 40 }).map((field) => number(field, 1)));
    const copies: ((more: Buffer) => Buffer)[] = [
      (more) => Buffer.concat([updateBytes(proposed), lengthDelimited(9, more)]),
      (more) => Buffer.concat([lengthDelimited(2, more), updateBytes(proposed)]),
      (more) => updateOf('minhchung', Buffer.concat([read, lengthDelimited(5, Buffer.from('x')), lengthDelimited(5, more)]), write),
      (more) => updateOf('minhchung', read, Buffer.concat([write, lengthDelimited(7, more)])),
      (more) => updateOf('minhchung', read, Buffer.concat([lengthDelimited(2, Buffer.concat([lengthDelimited(1, Buffer.from('Application')), lengthDelimited(2, more)])), write])),
    ];
    fc.assert(fc.property(fields, fc.constantFrom(...copies), (more, copy) => { refused(changeWith(proposed, copy(more))); }));
  });

  it('maps in another order, as other tools write them, are the same change', () => {
    const proposed = change(withoutOrganisation('IndustryMSP'));
    const update = updateIn(proposed);
    const reversed = (group: common.ConfigGroup): Buffer => Buffer.concat([
      ...entriesOf(group.getGroupsMap()).toReversed().map(([name, inner]) => entry(2, name, reversed(inner))),
      ...(group.getVersion() === 0 ? [] : [number(1, group.getVersion())]),
      ...entriesOf(group.getPoliciesMap()).toReversed().map(([name, one]) => entry(4, name, Buffer.from(one.serializeBinary()))),
      ...entriesOf(group.getValuesMap()).toReversed().map(([name, one]) => entry(3, name, Buffer.from(one.serializeBinary()))),
      ...(group.getModPolicy() === '' ? [] : [lengthDelimited(5, Buffer.from(group.getModPolicy()))]),
    ]);
    const entry = (field: number, name: string, content: Buffer): Buffer => lengthDelimited(field, Buffer.concat([lengthDelimited(1, Buffer.from(name)), lengthDelimited(2, content)]));
    const bytes = updateOf('minhchung', reversed(update.getReadSet()!), reversed(update.getWriteSet()!));
    expect(bytes.equals(updateBytes(proposed))).toBe(false);
    expect(changeLines(changeWith(proposed, bytes), config).slice(0, -1)).toEqual(changeLines(proposed, config).slice(0, -1));
  });
});

describe('who has signed', () => {
  let proposed: Uint8Array;
  beforeAll(() => { proposed = change(withoutOrganisation('IndustryMSP')); });

  const withSignature = (signed: Uint8Array, alter: (one: common.ConfigSignature) => void): Uint8Array => {
    const content = contentOf(signed);
    alter(content.getSignaturesList()[0]!);
    return withContent(signed, content);
  };
  const asAdmin = (mspId: string, identity: Identity): Identity => ({ ...identity, mspId });

  it('administrators of the channel, each with the organisation that issued the certificate', () => {
    const signed = [regulator.admin, industry.admin].reduce(signedChange, proposed);
    expect(signatureLines(signed, config)).toEqual(['signed by RegulatorMSP, IndustryMSP']);
    expect(changeFingerprint(signed)).toBe(changeFingerprint(proposed));
  });

  it('not who only is named', () => {
    const forged = withSignature(signedChange(proposed, regulator.admin), (one) => { one.setSignature(Buffer.from('junk')); });
    expect(signatureLines(forged, config)).toEqual(['signed by nobody yet', 'not counted: a signature in the name of RegulatorMSP: it was not made over this change with the key of its certificate']);
  });

  it('not a signature over another change', () => {
    const other = contentOf(signedChange(change((group) => { group.getPoliciesMap().del('Admins'); }), regulator.admin)).getSignaturesList();
    const content = contentOf(proposed);
    content.setSignaturesList(other);
    expect(signatureLines(withContent(proposed, content), config)[0]).toBe('signed by nobody yet');
  });

  it('not a stranger in an organisation\'s name, not one who is no administrator', async () => {
    const client = await regulator.authority.enrol({ commonName: 'thu-kho-1', role: 'client' });
    const signed = [asAdmin('RegulatorMSP', customs.admin), client].reduce(signedChange, proposed);
    expect(signatureLines(signed, config)).toEqual([
      'signed by nobody yet',
      'not counted: a signature in the name of RegulatorMSP: the channel as it is known here has no authority that issued its certificate',
      'not counted: a signature in the name of RegulatorMSP: its certificate is not an administrator\'s',
    ]);
  });

  it('nobody, as long as the channel is not known', () => {
    expect(signatureLines(signedChange(proposed, regulator.admin))[0]).toBe('signed by nobody yet');
  });

  it('an entry that only names the administrator does not keep the administrator from signing', () => {
    const forged = withSignature(signedChange(proposed, regulator.admin), (one) => { one.setSignature(Buffer.from('junk')); });
    expect(signatureLines(signedChange(forged, regulator.admin), config)).toEqual(['signed by RegulatorMSP']);
  });

  it('a file of any signatures can be shown', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (header) => {
      const content = contentOf(proposed);
      const junk = new common.ConfigSignature();
      junk.setSignatureHeader(header);
      content.addSignatures(junk);
      expect(signatureLines(withContent(proposed, content), config)[0]).toBe('signed by nobody yet');
    }));
  });
});
