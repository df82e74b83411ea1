/** Who may act on the channel: certificates that chain to the root of a member organisation (Fabric's MSP, with NodeOUs). */
import { X509Certificate, type KeyObject } from 'node:crypto';
import type { Role } from '../enrolment/identity.js';
import { verifyLowS } from '../enrolment/low-s-signature.js';
import { bytesFields } from './proposal-message.js';
import { MessageWriter } from './wire-format.js';

const ROLES: readonly Role[] = ['client', 'peer', 'orderer', 'admin'];
const REMEMBERED_MEMBERS = 5_000;

export interface Member {
  readonly mspId: string;
  readonly role: Role;
  readonly publicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Root certificates as PEM, by organisation, e.g. `{ RegulatorMSP: ['-----BEGIN …'] }`. */
export type TrustRoots = Readonly<Record<string, readonly string[]>>;

/** Reads `msp.SerializedIdentity` and remembers what it found: parsing a certificate costs more than checking a signature. */
export class Membership {
  readonly #roots: ReadonlyMap<string, readonly X509Certificate[]>;
  readonly #known = new Map<string, Member>();

  constructor(roots: TrustRoots) {
    this.#roots = new Map(Object.entries(roots).map(([mspId, pems]) => [mspId, pems.map((pem) => new X509Certificate(pem))]));
  }

  /**
   * Whose identity this is, whatever the date.
   *
   * @param serialized a `msp.SerializedIdentity`: organisation and certificate
   * @returns `undefined` for an unknown organisation, a certificate its root did not issue, or one without exactly one role
   */
  member(serialized: Buffer): Member | undefined {
    const name = serialized.toString('latin1');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const member = this.#read(serialized);
    if (member !== undefined) this.#remember(name, member);
    return member;
  }

  #read(serialized: Buffer): Member | undefined {
    try {
      const [mspId, pem] = bytesFields(serialized, 2);
      if (mspId === undefined || pem === undefined) return undefined;
      return this.#verified(mspId.toString('utf8'), new X509Certificate(pem));
    } catch {
      return undefined; // whatever it is, it is no certificate of a member
    }
  }

  #verified(mspId: string, certificate: X509Certificate): Member | undefined {
    const roots = this.#roots.get(mspId) ?? [];
    const issued = !certificate.ca && roots.some((root) => certificate.checkIssued(root) && certificate.verify(root.publicKey));
    const role = roleOf(certificate);
    if (!issued || role === undefined || !isP256(certificate.publicKey)) return undefined;
    return {
      mspId, role, publicKey: certificate.publicKey,
      notBeforeMs: Date.parse(certificate.validFrom), notAfterMs: Date.parse(certificate.validTo),
    };
  }

  #remember(name: string, member: Member): void {
    if (this.#known.size >= REMEMBERED_MEMBERS) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(name, member);
  }
}

/** True while the member's certificate is valid at `nowMs` (milliseconds since 1970). */
export function isCurrent(member: Member, nowMs: number): boolean {
  return member.notBeforeMs <= nowMs && nowMs <= member.notAfterMs;
}

/** True if `signature` over `message` is the member's, with the low `s` that Fabric asks for. */
export async function signedBy(member: Member, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifyLowS(member.publicKey, message, signature);
}

/** @returns `msp.SerializedIdentity`, the form in which an identity stands in every signed message */
export function serializeIdentity(identity: { readonly mspId: string; readonly certificatePem: string }): Buffer {
  return new MessageWriter().text(1, identity.mspId).bytes(2, Buffer.from(identity.certificatePem)).finish();
}

function roleOf(certificate: X509Certificate): Role | undefined {
  const lines = new Set(certificate.subject.split('\n'));
  const roles = ROLES.filter((role) => lines.has(`OU=${role}`));
  return roles.length === 1 ? roles[0] : undefined;
}

function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}
