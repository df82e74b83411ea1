import { verify, X509Certificate } from 'node:crypto';
import { common, orderer } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../../network/enrolment/authority.js';
import type { Identity } from '../../../network/enrolment/identity.js';
import { changeSignatures, configOfBlock, proposedChange, signedChange, updateIn } from '../../../network/fabric/channel-change.js';
import { memberOrganisations, organisationGroupIn, withOrdererCertificates, withOrganisation, withoutOrganisation } from '../../../network/fabric/membership-edits.js';

function group(groups: Readonly<Record<string, common.ConfigGroup>> = {}, values: Readonly<Record<string, Uint8Array>> = {}): common.ConfigGroup {
  const made = new common.ConfigGroup();
  made.setModPolicy('Admins');
  for (const [name, inner] of Object.entries(groups)) made.getGroupsMap().set(name, inner);
  for (const [name, bytes] of Object.entries(values)) {
    const value = new common.ConfigValue();
    value.setValue(bytes);
    value.setModPolicy('Admins');
    made.getValuesMap().set(name, value);
  }
  return made;
}

const organisation = (name: string): common.ConfigGroup => group({}, { MSP: Buffer.from(name) });

function bftConsenters(): Uint8Array {
  const content = new common.Orderers();
  for (const port of [7050, 7051]) {
    const one = new common.Consenter();
    one.setHost('orderer.example');
    one.setPort(port);
    one.setIdentity(Buffer.from(`old identity of ${port}`));
    one.setServerTlsCert(Buffer.from('old tls'));
    content.addConsenterMapping(one);
  }
  return content.serializeBinary();
}

function raftConsenters(): Uint8Array {
  const consenter = new orderer.etcdraft.Consenter();
  consenter.setHost('orderer.example');
  consenter.setPort(7050);
  const metadata = new orderer.etcdraft.ConfigMetadata();
  metadata.addConsenters(consenter);
  const type = new orderer.ConsensusType();
  type.setType('etcdraft');
  type.setMetadata(metadata.serializeBinary());
  return type.serializeBinary();
}

function config(orderers: Readonly<Record<string, Uint8Array>> = { Orderers: bftConsenters() }): common.Config {
  const made = new common.Config();
  made.setChannelGroup(group({
    Application: group({ IndustryMSP: organisation('industry'), CustomsMSP: organisation('customs') }),
    Orderer: group({ IndustryMSP: organisation('industry') }, orderers),
  }));
  return made;
}

function contentOf(change: Uint8Array): common.ConfigUpdateEnvelope {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(change).getPayload_asU8());
  return common.ConfigUpdateEnvelope.deserializeBinary(payload.getData_asU8());
}

const signersOf = (change: Uint8Array): string[] => changeSignatures(change).map(({ mspId }) => mspId);

let admins: Identity[];
beforeAll(async () => {
  admins = await Promise.all(['RegulatorMSP', 'IndustryMSP'].map(async (mspId) => (await createAuthority({ mspId, commonName: 'ca' })).enrol({ commonName: 'admin', role: 'admin' })));
});

describe('a change of the channel', () => {
  it('is none where nothing would change', () => {
    expect(proposedChange('minhchung', config(), () => undefined)).toBeUndefined();
    expect(proposedChange('minhchung', config(), withOrganisation('CustomsMSP', organisation('customs')))).toBeUndefined();
  });

  it('gathers signatures, one of each administrator, over the very difference', () => {
    const proposed = proposedChange('minhchung', config(), withoutOrganisation('CustomsMSP'))!;
    expect(signersOf(proposed)).toEqual([]);
    const signed = admins.reduce(signedChange, proposed);
    expect(signersOf(signed)).toEqual(['RegulatorMSP', 'IndustryMSP']);
    expect(signedChange(signed, admins[0]!)).toBe(signed);
    const content = contentOf(signed);
    for (const [index, one] of content.getSignaturesList().entries()) {
      const message = Buffer.concat([one.getSignatureHeader_asU8(), content.getConfigUpdate_asU8()]);
      expect(verify('sha256', message, new X509Certificate(admins[index]!.certificatePem).publicKey, one.getSignature_asU8())).toBe(true);
    }
    expect(content.getConfigUpdate_asU8()).toEqual(contentOf(proposed).getConfigUpdate_asU8());
    expect(updateIn(signed).getChannelId()).toBe('minhchung');
  });

  it('of other bytes is refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      for (const read of [() => changeSignatures(bytes), () => updateIn(bytes), () => signedChange(bytes, admins[0]!)]) expect(read).toThrow(expect.objectContaining({ code: 'FABRIC_CHANGE_UNREADABLE' }));
    }), { numRuns: 300 });
    expect(() => configOfBlock(new Uint8Array())).toThrow(expect.objectContaining({ code: 'FABRIC_CHANGE_UNREADABLE' }));
  });
});

describe('members', () => {
  it('join and leave', () => {
    const before = config();
    expect(memberOrganisations(before)).toEqual(['CustomsMSP', 'IndustryMSP']);
    const joins = updateIn(proposedChange('minhchung', before, withOrganisation('PortsMSP', organisationGroupIn(before, 'CustomsMSP')))!);
    expect([...namesIn(joins)]).toEqual(['CustomsMSP', 'IndustryMSP', 'PortsMSP']);
    const leaves = updateIn(proposedChange('minhchung', before, withoutOrganisation('CustomsMSP'))!);
    expect([...namesIn(leaves)]).toEqual(['IndustryMSP']);
  });

  it.each([
    ['one that is not there', withoutOrganisation('PortsMSP'), 'FABRIC_ORGANISATION_UNKNOWN', { organisation: 'PortsMSP' }],
    ['one that orders', withoutOrganisation('IndustryMSP'), 'FABRIC_ORGANISATION_ORDERS', { organisation: 'IndustryMSP' }],
    ['an orderer that is not there', withOrdererCertificates({ host: 'orderer.example', port: 9, identity: 'i', tls: 't' }), 'FABRIC_ORDERER_UNKNOWN', { orderer: 'orderer.example:9' }],
  ] as const)('%s is refused', (_name, edit, code, fields) => {
    expect(() => proposedChange('minhchung', config(), edit)).toThrow(expect.objectContaining({ code, fields }));
  });

  const namesIn = (update: common.ConfigUpdate): string[] => {
    const names: string[] = [];
    update.getWriteSet()!.getGroupsMap().get('Application')!.getGroupsMap().forEach((_: unknown, name: string) => { names.push(name); });
    return names.sort();
  };
});

describe('an orderer\'s new certificates', () => {
  const edit = withOrdererCertificates({ host: 'orderer.example', port: 7050, identity: 'new identity', tls: 'new tls' });

  it('BFT: of this orderer alone', () => {
    const update = updateIn(proposedChange('minhchung', config(), edit)!);
    const value = update.getWriteSet()!.getGroupsMap().get('Orderer')!.getValuesMap().get('Orderers')!;
    const all = common.Orderers.deserializeBinary(value.getValue_asU8()).getConsenterMappingList();
    expect(all.map((one) => [one.getIdentity_asU8(), one.getServerTlsCert_asU8()].map((bytes) => Buffer.from(bytes).toString()))).toEqual([['new identity', 'new tls'], ['old identity of 7051', 'old tls']]);
  });

  it('Raft: the TLS certificates', () => {
    const update = updateIn(proposedChange('minhchung', config({ ConsensusType: raftConsenters() }), edit)!);
    const value = update.getWriteSet()!.getGroupsMap().get('Orderer')!.getValuesMap().get('ConsensusType')!;
    const metadata = orderer.etcdraft.ConfigMetadata.deserializeBinary(orderer.ConsensusType.deserializeBinary(value.getValue_asU8()).getMetadata_asU8());
    expect(metadata.getConsentersList().map((one) => Buffer.from(one.getClientTlsCert_asU8()).toString())).toEqual(['new tls']);
  });
});
