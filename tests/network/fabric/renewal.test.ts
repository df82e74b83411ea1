import { X509Certificate } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { common, msp } from '@hyperledger/fabric-protos';
import { blockValidationPolicy } from '../../../network/fabric/block-validation.js';
import { makeOrganisation } from '../../../network/fabric/certificates.js';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { expectRestarts, pendingRestarts, restartDone } from '../../../network/fabric/pending-restarts.js';
import { endingLines, endingWithin, issueAnew, renewables } from '../../../network/fabric/renewal.js';
import { planTopology } from '../../../network/fabric/topology.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

const DAY_MS = 86_400_000;
const topology = planTopology({ consensus: 'raft-single', portBase: 17_000 });
const regulatorAlone = { ...topology, organisations: topology.organisations.slice(0, 1) };

async function withRegulator(use: (folder: NetworkFolder) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (dir) => {
    const folder = new NetworkFolder(dir);
    await makeOrganisation(folder.host('RegulatorMSP'), regulatorAlone.organisations[0]!);
    await use(folder);
  });
}

describe('certificates that can be renewed', () => {
  test('are two of the administrator and of each node, with the processes that use them', async () => {
    await withRegulator(async (folder) => {
      const all = renewables({ folder, topology: regulatorAlone });
      expect(all.map(({ usedBy }) => usedBy)).toEqual([[], [], ['peer-RegulatorMSP'], ['peer-RegulatorMSP'], ['orderer-RegulatorMSP'], ['orderer-RegulatorMSP']]);
    });
  });

  test('are none of an organisation whose authorities are elsewhere', async () => {
    await withRegulator(async (folder) => {
      expect(renewables({ folder, topology: { ...topology, organisations: topology.organisations.slice(1) } })).toEqual([]);
    });
  });

  test.each([[364, 0], [366, 6]])('of a year: within %i days end %i of them', async (days, count) => {
    await withRegulator(async (folder) => {
      expect(await endingWithin(renewables({ folder, topology: regulatorAlone }), days, Date.now())).toHaveLength(count);
    });
  });

  test('are told of before they end, and so are those of a machine that cannot renew them', async () => {
    await withRegulator(async (folder) => {
      const asked = { folder, topology: regulatorAlone };
      expect(await endingLines(asked, 364, Date.now())).toEqual([]);
      expect(await endingLines(asked, 366, Date.now())).toEqual(['6 certificates end within 366 days: renew them']);
      for (const authority of [folder.host('RegulatorMSP').authority, folder.host('RegulatorMSP').tlsAuthority]) await rm(join(authority, 'key.pem'));
      expect(await endingLines(asked, 366, Date.now())).toEqual([expect.stringMatching(/^6 certificates of RegulatorMSP end within 366 days: have the requests/)]);
    });
  });

  test('that have ended already end within any time', async () => {
    await withRegulator(async (folder) => {
      expect(await endingWithin(renewables({ folder, topology: regulatorAlone }), 1, Date.now() + 500 * DAY_MS)).toHaveLength(6);
    });
  });
});

describe('a renewed certificate', () => {
  test('is another one for the same key, name and role, and leaves the key\'s file as it was', async () => {
    await withRegulator(async (folder) => {
      const { orderer } = folder.host('RegulatorMSP');
      const read = async (file: string): Promise<X509Certificate> => new X509Certificate(await readFile(file));
      const [before, tlsBefore, key] = [await read(orderer.certificate), await read(orderer.tlsCertificate), await readFile(orderer.key, 'utf8')];
      await issueAnew(folder, renewables({ folder, topology: regulatorAlone }));
      expect(await pendingRestarts(folder)).toEqual(['peer-RegulatorMSP', 'orderer-RegulatorMSP']);
      const [after, tlsAfter] = [await read(orderer.certificate), await read(orderer.tlsCertificate)];
      expect([after.serialNumber === before.serialNumber, tlsAfter.serialNumber === tlsBefore.serialNumber]).toEqual([false, false]);
      expect([after.publicKey.equals(before.publicKey), tlsAfter.publicKey.equals(tlsBefore.publicKey)]).toEqual([true, true]);
      expect([after.subject, tlsAfter.subject, tlsAfter.subjectAltName]).toEqual([before.subject, tlsBefore.subject, tlsBefore.subjectAltName]);
      expect(after.checkPrivateKey((await import('node:crypto')).createPrivateKey(key))).toBe(true);
      expect([await readFile(orderer.key, 'utf8'), (await stat(orderer.key)).mode & 0o777]).toEqual([key, 0o600]);
    });
  });

  test('of no process leaves every process alone', async () => {
    await withRegulator(async (folder) => {
      const administrators = renewables({ folder, topology: regulatorAlone }).filter(({ usedBy }) => usedBy.length === 0);
      await issueAnew(folder, administrators);
      expect(await pendingRestarts(folder)).toEqual([]);
    });
  });

  test('that a renewal could not even issue leaves the process to be started anew, until that is done', async () => {
    await withRegulator(async (folder) => {
      const all = renewables({ folder, topology: regulatorAlone });
      const broken = all.map((one) => (one.usedBy.includes('orderer-RegulatorMSP') ? { ...one, issue: () => Promise.reject(new Error('killed')) } : one));
      await expect(issueAnew(folder, broken)).rejects.toThrow('killed');
      expect(await pendingRestarts(folder)).toEqual(['peer-RegulatorMSP', 'orderer-RegulatorMSP']);
      await restartDone(folder, 'peer-RegulatorMSP');
      expect(await pendingRestarts(folder)).toEqual(['orderer-RegulatorMSP']);
      await expectRestarts(folder, ['orderer-RegulatorMSP', 'peer-RegulatorMSP']);
      expect(await pendingRestarts(folder)).toEqual(['orderer-RegulatorMSP', 'peer-RegulatorMSP']);
    });
  });
});

describe('who must have signed a block', () => {
  test('is a quorum of the very certificates of the list, in its order', () => {
    const consenters = ['A', 'B', 'C', 'D'].map((name) => {
      const consenter = new common.Consenter();
      consenter.setMspId(`${name}MSP`);
      consenter.setIdentity(Buffer.from(`certificate ${name}`));
      return consenter;
    });
    const policy = blockValidationPolicy(consenters);
    const envelope = common.SignaturePolicyEnvelope.deserializeBinary(policy.getValue_asU8());
    const rule = envelope.getRule()!.getNOutOf()!;
    expect([policy.getType(), rule.getN(), rule.getRulesList().map((one) => one.getSignedBy())]).toEqual([common.Policy.PolicyType.SIGNATURE, 3, [0, 1, 2, 3]]);
    expect(envelope.getIdentitiesList().map((one) => {
      const identity = msp.SerializedIdentity.deserializeBinary(one.getPrincipal_asU8());
      return [one.getPrincipalClassification(), identity.getMspid(), Buffer.from(identity.getIdBytes_asU8()).toString()];
    })).toEqual(['A', 'B', 'C', 'D'].map((name) => [msp.MSPPrincipal.Classification.IDENTITY, `${name}MSP`, `certificate ${name}`]));
  });
});
