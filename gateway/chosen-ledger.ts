/** Which ledger: a Fabric network where the settings name one, else the one inside this process. */
import { join } from 'node:path';
import { CHAINCODE, CHANNEL } from '#domain/transactions.js';
import type { Settings } from './config.js';
import { openEmbedded, type OpenEmbeddedOptions } from './ledger/open-embedded.js';
import { openFabric } from './ledger/open-fabric.js';
import type { OpenedLedger } from './ledger/opened-ledger.js';

const MEMBERS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'];

/**
 * @param contracts for the ledger inside this process; peers of a network have their own
 * @throws Problem LEDGER_…, FABRIC_CONNECTION_WRONG
 */
export async function openChosenLedger(settings: Settings, contracts: OpenEmbeddedOptions['contracts']): Promise<OpenedLedger> {
  const { fabricConnection, fabricOrganisation, dataFolder } = settings;
  if (fabricConnection !== undefined) return openFabric({ file: fabricConnection, organisation: fabricOrganisation });
  return openEmbedded({ dir: join(dataFolder, 'ledger'), channel: CHANNEL, chaincode: CHAINCODE, contracts, organisations: MEMBERS });
}
