/** The suite that the embedded ledger passes, on a real network: the probe contract is a second chaincode there. */
import { inject } from 'vitest';
import { deployChaincode } from '../../network/fabric/deploy.js';
import type { LedgerUnderTest } from '../ledger-suite/ledger-bench.js';
import { ledgerSuite } from '../ledger-suite/suite.js';
import { buildChild } from '../network/child-program.js';
import { CommandNetwork } from './network-command.js';
import { enrolClient, peerOf } from './network-client.js';

const PROBE = 'probe';
const ORGANISATION = 'IndustryMSP';

async function openLedger(): Promise<LedgerUnderTest> {
  const network = CommandNetwork.shared(inject('fabricFolder'), inject('fabricPortBase'));
  await deployChaincode(await network.open(), { name: PROBE, entry: await buildChild('tests/fabric/probe-server.ts') });
  const connection = await network.connection();
  const identity = await enrolClient(network, ORGANISATION, { role: 'enterprise' });
  return { ...peerOf(connection, ORGANISATION), channel: connection.channel, chaincode: PROBE, identity, endorser: ORGANISATION, close: () => Promise.resolve() };
}

ledgerSuite({
  name: 'Fabric', openLedger,
  supports: { strictKeys: true, badSignatureIsOrdered: false, refusesWhatItLacks: false, ordersDuplicates: false, commitsWhileSimulating: false, controlledCollection: true, severalEndorsers: true, privateData: true },
});
