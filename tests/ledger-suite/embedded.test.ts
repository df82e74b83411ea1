import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLedger } from '../../network/embedded/embedded-ledger.js';
import type { LedgerUnderTest } from './ledger-bench.js';
import { ProbeContract } from './probe-contract.js';
import { ledgerSuite } from './suite.js';

async function openLedger(): Promise<LedgerUnderTest> {
  const dir = await mkdtemp(join(tmpdir(), 'ledger-suite-'));
  const ledger = await openEmbeddedLedger({ dir, channel: 'minhchung', chaincodes: { probe: [ProbeContract] }, organisations: ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'] });
  const identity = await ledger.enrol({ mspId: 'IndustryMSP', commonName: 'suite', role: 'client', attributes: { role: 'enterprise' } });
  return {
    address: ledger.address, channel: ledger.channel, chaincode: 'probe', identity, endorser: 'OperatorMSP',
    close: async () => {
      await ledger.close();
      await rm(dir, { recursive: true });
    },
  };
}

ledgerSuite({
  name: 'embedded', openLedger,
  supports: { strictKeys: true, badSignatureIsOrdered: true, refusesWhatItLacks: true, ordersDuplicates: true, commitsWhileSimulating: true, severalEndorsers: false, privateData: false, controlledCollection: true },
});
