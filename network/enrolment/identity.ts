/** Members of an organisation, as both ledgers know them. */

/** Fabric's node roles, told by the organisational unit in the certificate's subject ("NodeOUs"). */
export type Role = 'client' | 'peer' | 'orderer' | 'admin';

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A member that can sign: its organisation, its certificate and its private key, both as PEM. */
export interface Identity {
  readonly mspId: string;
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
}

export interface EnrolmentRequest {
  /** e.g. `thu-kho-1` */
  readonly commonName: string;
  readonly role: Role;
  /** What contracts read with `getAttributeValue`, e.g. `{ role: 'enterprise', prefix: '8930001' }`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Default: from five minutes ago (clocks differ) for one year. */
  readonly validity?: Validity;
  /** PKCS #8 PEM: the certificate is for this key, as at a renewal. Default: a new pair. */
  readonly privateKeyPem?: string;
}

export interface TlsRequest {
  /** e.g. `peer-RegulatorMSP` */
  readonly commonName: string;
  /** Names and addresses under which it is reached, e.g. `['localhost', '127.0.0.1']`; none for a mere client. */
  readonly hosts: readonly string[];
  /** Default: from five minutes ago (clocks differ) for one year. */
  readonly validity?: Validity;
  /** PKCS #8 PEM: the certificate is for this key, as at a renewal. Default: a new pair. */
  readonly privateKeyPem?: string;
}
