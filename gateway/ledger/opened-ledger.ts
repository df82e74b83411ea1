/** A ledger that can be connected to, wherever it lives: what `start.ts` needs of either kind. */
import type { TrustRoots } from '#domain/goods/public-item.js';
import type { FabricLedgerOptions } from './fabric-ledger.js';
import type { LedgerIdentity } from './ledger.js';

/** Whom to enrol, e.g. `{ mspId: 'IndustryMSP', commonName: 'enterprise.che-shan', attributes: { role: 'enterprise', org: 'che-shan' } }`. */
export interface ClientEnrolment {
  readonly mspId: string;
  readonly commonName: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface OpenedLedger {
  /** What `openLedger` connects with, but for the gateway's own identity. */
  readonly connection: Omit<FabricLedgerOptions, 'identity'>;
  /** The member organisation in whose name the gateway itself reads. */
  readonly ownOrganisation: string;
  /** What receipts are checked against. */
  readonly trust: TrustRoots;
  /** Makes a key and a certificate for a client. @throws Problem for an organisation that cannot enrol here */
  enrol(request: ClientEnrolment): Promise<LedgerIdentity & { readonly privateKey: string }>;
  /**
   * Makes a certificate for a key that somebody else holds.
   *
   * @param certificationRequest PKCS #10, PEM; only its key counts
   * @returns PEM
   * @throws Problem CERTIFICATION_REQUEST_WRONG; for an organisation that cannot enrol here
   */
  certify(request: ClientEnrolment, certificationRequest: string): Promise<string>;
  /**
   * Whose a client's certificate is.
   *
   * @throws Problem CERTIFICATE_… unless one of the member organisations' authorities made it and it is valid now
   */
  clientOf(certificate: string): Promise<{ readonly mspId: string; readonly attributes: Readonly<Record<string, string>> }>;
  /** What made the ledger read-only, where it lives in this process. */
  failure(): Error | undefined;
  close(): Promise<void>;
}
