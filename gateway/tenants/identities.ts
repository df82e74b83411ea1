/** The ledger identities of the organisations behind this gateway: enrolled once, kept as files, renewed in time. */
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { TRANSACTIONS, type Role, type TransactionName } from '#domain/transactions.js';
import type { Clock } from '../ledger/clock.js';
import type { LedgerIdentity } from '../ledger/ledger.js';
import type { KeyCustody } from './key-custody.js';
import { loadIdentity, removeIdentity, storeIdentity, type StoredIdentity } from './identity-files.js';
import type { OrganisationType } from './scopes.js';

/** Asks a member's certificate authority for a client's certificate and key. */
export type Enrol = (request: {
  readonly mspId: string;
  readonly commonName: string;
  readonly attributes: Readonly<Record<string, string>>;
}) => Promise<StoredIdentity>;

/** The roles that an organisation of each type acts in. */
export const ROLES_OF_TYPE: Readonly<Record<OrganisationType, readonly Role[]>> = {
  enterprise: ['enterprise'],
  authority: ['authority', 'inspector'],
  institution: ['institution'],
  registrar: ['registrar'],
};

/** The member organisation whose authority certifies a role (`domain/access.ts` holds it to that). */
export const MEMBER_OF_ROLE: Readonly<Record<Exclude<Role, 'reader'>, string>> = {
  registrar: 'RegulatorMSP', authority: 'RegulatorMSP', inspector: 'RegulatorMSP',
  enterprise: 'IndustryMSP', institution: 'EducationMSP',
};

/** Each held identity keeps a session with the ledger, some 20 kB; the rest is read from its file again. */
const MOST_HELD = 1000;
const RENEW_BEFORE_MS = 30 * 24 * 3_600_000;

export interface IdentitiesOptions {
  /** e.g. `data/gateway/identities` */
  readonly folder: string;
  readonly enrol: Enrol;
  /** the member organisation in whose name the gateway itself reads, e.g. `RegulatorMSP` */
  readonly readsAs: string;
  /** who keeps an organisation's keys; the gateway signs for none that does so itself */
  readonly custody: Pick<KeyCustody, 'keeperOf'>;
  readonly clock: Pick<Clock, 'now'>;
}

interface Held {
  readonly identity: LedgerIdentity;
  readonly renewAt: number;
}

export class Identities {
  readonly #options: IdentitiesOptions;
  readonly #held = new Map<string, Promise<Held>>();
  /** being loaded or enrolled: a key is written by one of them at a time, and by none behind its destruction */
  readonly #obtaining = new Map<string, Promise<Held>>();

  constructor(options: IdentitiesOptions) {
    this.#options = options;
  }

  /** Enrols whatever an organisation of this type still lacks; nothing for one that keeps its keys itself. */
  async enrolAll(organisation: OrganisationId, type: OrganisationType): Promise<readonly Role[]> {
    const roles = ROLES_OF_TYPE[type];
    if (this.#options.custody.keeperOf(organisation) === 'own') return roles;
    await Promise.all(roles.map(async (role) => this.identityOf(organisation, role)));
    return roles;
  }

  /**
   * The identity in which an organisation may call a transaction.
   *
   * @param transaction e.g. `goods:recallLot`: an authority calls it as inspector
   * @throws Problem CALLER_NOT_ALLOWED where no role of this type may, KEY_HELD_ELSEWHERE
   */
  async identityFor(organisation: OrganisationId, type: OrganisationType, transaction: TransactionName): Promise<LedgerIdentity> {
    const allowed: readonly Role[] = TRANSACTIONS[transaction].roles;
    const role = ROLES_OF_TYPE[type].find((one) => allowed.includes(one));
    if (role === undefined) throw new Problem('CALLER_NOT_ALLOWED', { transaction, type });
    if (this.#options.custody.keeperOf(organisation) === 'own') throw new Problem('KEY_HELD_ELSEWHERE', { organisation });
    return this.identityOf(organisation, role);
  }

  /** Removes the keys that the gateway has of an organisation which keeps them itself by now, from memory and disk. */
  async destroy(organisation: OrganisationId, type: OrganisationType): Promise<void> {
    for (const role of ROLES_OF_TYPE[type]) {
      const name = `${organisation}/${role}`;
      await this.#obtaining.get(name)?.catch(() => undefined);
      this.#held.delete(name);
      await removeIdentity(this.#pathOf(organisation, role));
    }
  }

  /**
   * The identity of an organisation in one role: the same object until it is renewed, or unused for long.
   *
   * @throws Problem KEY_HELD_ELSEWHERE where the organisation took its keys into its own hands meanwhile
   */
  async identityOf(organisation: OrganisationId, role: Role): Promise<LedgerIdentity> {
    const name = `${organisation}/${role}`;
    const held = await (this.#recent(name) ?? this.#obtain(name, organisation, role));
    if (this.#options.clock.now() < held.renewAt) return held.identity;
    return (await this.#obtain(name, organisation, role)).identity;
  }

  /** What was held, now the one used last. */
  #recent(name: string): Promise<Held> | undefined {
    const held = this.#held.get(name);
    if (held === undefined) return undefined;
    this.#held.delete(name);
    this.#held.set(name, held);
    return held;
  }

  #obtain(name: string, organisation: OrganisationId, role: Role): Promise<Held> {
    const underWay = this.#obtaining.get(name);
    if (underWay !== undefined) return underWay;
    const held = this.#loadOrEnrol(organisation, role).finally(() => this.#obtaining.delete(name));
    this.#obtaining.set(name, held);
    this.#held.set(name, held);
    held.catch(() => this.#held.delete(name));
    if (this.#held.size > MOST_HELD) {
      const [unused] = this.#held.keys();
      if (unused !== undefined) this.#held.delete(unused);
    }
    return held;
  }

  async #loadOrEnrol(organisation: OrganisationId, role: Role): Promise<Held> {
    const { enrol, readsAs, clock } = this.#options;
    this.#requireKeeper(organisation, role);
    const mspId = role === 'reader' ? readsAs : MEMBER_OF_ROLE[role];
    const path = this.#pathOf(organisation, role);
    const known = await loadIdentity(path, mspId);
    if (known !== undefined && clock.now() < renewalOf(known)) return { identity: known, renewAt: renewalOf(known) };
    const identity = await enrol({ mspId, commonName: `${role}.${organisation}`, attributes: { role, org: organisation } });
    this.#requireKeeper(organisation, role);
    await storeIdentity(path, identity);
    return { identity, renewAt: renewalOf(identity) };
  }

  /** A reader signs nothing that changes the ledger: the gateway reads by itself. */
  #requireKeeper(organisation: OrganisationId, role: Role): void {
    const elsewhere = role !== 'reader' && this.#options.custody.keeperOf(organisation) === 'own';
    if (elsewhere) throw new Problem('KEY_HELD_ELSEWHERE', { organisation });
  }

  #pathOf(organisation: OrganisationId, role: Role): string {
    return join(this.#options.folder, organisation, `${role}.pem`);
  }
}

function renewalOf(identity: LedgerIdentity): number {
  return Date.parse(new X509Certificate(identity.certificate).validTo) - RENEW_BEFORE_MS;
}
