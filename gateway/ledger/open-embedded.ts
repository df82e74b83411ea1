/** The one file of the gateway that knows that the ledger can live in this process. */
import { openEmbeddedLedger, type EmbeddedLedger, type EmbeddedLedgerOptions } from '../../network/embedded/embedded-ledger.js';
import { readClientCertificate } from '../../network/enrolment/member-certificate.js';
import type { LedgerIdentity } from './ledger.js';
import type { OpenedLedger } from './opened-ledger.js';

export interface OpenEmbeddedOptions extends Omit<EmbeddedLedgerOptions, 'chaincodes'> {
  /** the name of the chaincode, e.g. `trace` */
  readonly chaincode: string;
  /** its contract classes, as a peer would load them; passed in, for the gateway does not know them */
  readonly contracts: EmbeddedLedgerOptions['chaincodes'][string];
}

/** The peer inside this process belongs to whoever runs the platform. */
const OPERATOR = 'OperatorMSP';

/**
 * Opens the embedded ledger, or makes a new one.
 *
 * @throws Problem what `openEmbeddedLedger` refuses: LEDGER_IN_USE, LEDGER_OPENED_DIFFERENTLY, LEDGER_RECORD_DAMAGED
 */
export async function openEmbedded(options: OpenEmbeddedOptions): Promise<OpenedLedger> {
  const { chaincode, contracts, ...rest } = options;
  const ledger = await openEmbeddedLedger({ ...rest, chaincodes: { [chaincode]: contracts } });
  const { channel, address } = ledger;
  return {
    connection: { peers: [{ mspId: OPERATOR, address }], channel, chaincode },
    ownOrganisation: options.organisations[0] ?? OPERATOR,
    trust: { channel, chaincode, roots: ledger.roots(), minimumOrganisations: 1, ledger: 'embedded' },
    enrol: async (request) => identityOf(await ledger.enrol({ ...request, role: 'client' })),
    certify: async (request, certificationRequest) => ledger.certify({ ...request, role: 'client' }, certificationRequest),
    clientOf: async (certificate) => readClientCertificate(certificate, ledger.roots(), Date.now()),
    failure: () => ledger.failure(),
    close: () => ledger.close(),
  };
}

function identityOf({ mspId, certificatePem, privateKeyPem }: Awaited<ReturnType<EmbeddedLedger['enrol']>>): LedgerIdentity & { readonly privateKey: string } {
  return { mspId, certificate: certificatePem, privateKey: privateKeyPem };
}
