/** Certificates for keys that organisations keep themselves, and a list of what was given out. */
import { X509Certificate } from 'node:crypto';
import { Problem } from '#domain/errors.js';
import { SERIAL_RANDOM_BYTES, serialFromRandom } from '#domain/gs1/serial-number.js';
import { instantOf, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Role } from '#domain/transactions.js';
import type { Clock } from '../ledger/clock.js';
import type { DurableStore } from '../ledger/durable-store.js';
import type { OpenedLedger } from '../ledger/opened-ledger.js';
import { openJson, putJson } from '../sealed-json.js';
import { MEMBER_OF_ROLE, ROLES_OF_TYPE } from './identities.js';
import type { Principal } from './principal.js';

/** What is kept of a certificate that was given out. */
export interface OwnKeyView {
  /** serial number, hexadecimal */
  readonly serial: string;
  readonly commonName: string;
  readonly role: Role;
  readonly mspId: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

export interface OwnKeysOptions {
  readonly certify: OpenedLedger['certify'];
  readonly store: DurableStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: (length: number) => Uint8Array;
}

const PREFIX = 'own-key/';

export class OwnKeys {
  readonly #options: OwnKeysOptions;

  constructor(options: OwnKeysOptions) {
    this.#options = options;
  }

  /**
   * Has a certificate made for a key, in the name of the caller's organisation.
   *
   * @param request PKCS #10, PEM
   * @param role of those that its type has; the first where absent
   * @throws Problem CERTIFICATION_REQUEST_WRONG, ENROLMENT_ELSEWHERE, FIELD_WRONG_VALUE, STORE_FAILED
   */
  async enrol({ organisation, type }: Pick<Principal, 'organisation' | 'type'>, request: string, role?: string): Promise<{ certificate: string; view: OwnKeyView }> {
    const { certify, store, clock, randomBytes } = this.#options;
    const own = ROLES_OF_TYPE[type].find((one) => role === undefined || one === role);
    if (own === undefined || own === 'reader') throw new Problem('FIELD_WRONG_VALUE', { field: 'role', expected: ROLES_OF_TYPE[type].join(' | ') });
    const mspId = MEMBER_OF_ROLE[own];
    const commonName = `${own}.${organisation}.${serialFromRandom(randomBytes(SERIAL_RANDOM_BYTES))}`;
    const certificate = await certify({ mspId, commonName, attributes: { role: own, org: organisation } }, request);
    const { serialNumber, validTo } = new X509Certificate(certificate);
    const view: OwnKeyView = { serial: serialNumber.toLowerCase(), commonName, role: own, mspId, issuedAt: instantOf(clock.now()), expiresAt: instantOf(Date.parse(validTo)) };
    await store.write([putJson(`${PREFIX}${organisation}/${view.serial}`, view)], true);
    return { certificate, view };
  }

  /** What was given out, the oldest first. */
  async list(organisation: OrganisationId): Promise<readonly OwnKeyView[]> {
    const views: OwnKeyView[] = [];
    for await (const [key, row] of this.#options.store.rows(`${PREFIX}${organisation}/`)) views.push(openJson(key, row) as OwnKeyView);
    return views.sort((a, b) => (a.issuedAt < b.issuedAt ? -1 : 1));
  }
}
