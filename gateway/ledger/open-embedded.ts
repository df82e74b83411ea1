/** The one file of the gateway that knows that the ledger can live in this process. */
import { openEmbeddedLedger, type EmbeddedLedger, type EmbeddedLedgerOptions } from '../../network/embedded/embedded-ledger.js';
import type { FabricLedgerOptions } from './fabric-ledger.js';
import type { LedgerIdentity } from './ledger.js';

export interface OpenEmbeddedOptions extends Omit<EmbeddedLedgerOptions, 'chaincodes'> {
  /** the name of the chaincode, e.g. `trace` */
  readonly chaincode: string;
  /** its contract classes, as a peer would load them; passed in, for the gateway does not know them */
  readonly contracts: EmbeddedLedgerOptions['chaincodes'][string];
}

/** Whom to enrol, e.g. `{ mspId: 'EnterpriseMSP', commonName: 'kho-1', role: 'client', attributes: { role: 'enterprise' } }`. */
export type EmbeddedEnrolment = Parameters<EmbeddedLedger['enrol']>[0];

export interface OpenedEmbedded {
  /** What `openLedger` connects with, but for the gateway's own identity. */
  readonly connection: Pick<FabricLedgerOptions, 'address' | 'channel' | 'chaincode'>;
  /** Makes a member of one of the organisations. @throws Problem for an organisation that the ledger does not have */
  enrol(request: EmbeddedEnrolment): Promise<LedgerIdentity>;
  /** Root certificates of the organisations, PEM by MSP id: what receipts are checked against. */
  roots(): ReturnType<EmbeddedLedger['roots']>;
  /** What made the ledger read-only, if anything did. */
  failure(): ReturnType<EmbeddedLedger['failure']>;
  close(): Promise<void>;
}

/**
 * Opens the embedded ledger, or makes a new one.
 *
 * @throws Problem what `openEmbeddedLedger` refuses: LEDGER_IN_USE, LEDGER_OPENED_DIFFERENTLY, LEDGER_RECORD_DAMAGED
 */
export async function openEmbedded(options: OpenEmbeddedOptions): Promise<OpenedEmbedded> {
  const { chaincode, contracts, ...rest } = options;
  const ledger = await openEmbeddedLedger({ ...rest, chaincodes: { [chaincode]: contracts } });
  return {
    connection: { address: ledger.address, channel: ledger.channel, chaincode },
    enrol: async (request) => {
      const { mspId, certificatePem, privateKeyPem } = await ledger.enrol(request);
      return { mspId, certificate: certificatePem, privateKey: privateKeyPem };
    },
    roots: () => ledger.roots(),
    failure: () => ledger.failure(),
    close: () => ledger.close(),
  };
}
