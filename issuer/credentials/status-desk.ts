/** What the status of a credential becomes (W3C VC API 0.9, section Update Status). Revoked is for good. */
import { credentialId } from '#domain/credential/credential-id.js';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import { Problem, require } from '#domain/errors.js';
import { dayInVietNam, instantOf, parseDay, type Day } from '#domain/instant.js';
import { flag, object, oneOf, optional, parsedBy, text, type Parsed } from '#domain/shape.js';
import { decisionNumber } from '#domain/trust/records.js';
import type { Caller } from '../callers.js';
import type { DidRows } from '../dids/did-rows.js';
import type { StandingKeys } from '../ledger/standing-keys.js';
import type { StatusLists } from '../status/status-lists.js';
import { putJson, type Change } from '../store/issuer-store.js';
import { revokeByAuthority, type AuthorityParts } from './authority-revocation.js';
import { PENDING, putRecord, uniqueGone, type CredentialRecord } from './credential-record.js';
import type { CredentialRows } from './credential-rows.js';
import type { DiplomaNumbers } from './diploma-numbers.js';
import type { Settling } from './settling.js';

/** Body of `POST /credentials/status`: the standard's members, then ours. */
export const statusOrder = object({
  credentialId,
  credentialStatus: object({
    id: optional(text(400)), type: oneOf('BitstringStatusListEntry', 'BitstringStatusList'), statusPurpose: text(40),
    statusListIndex: optional(text(10)), statusListCredential: optional(text(400)),
  }),
  status: flag,
  indexAllocator: optional(text(200)),
  /** Why, e.g. the decision's number. Not shown to the public. */
  reason: optional(text(300)),
  /** For a licence: the day from which it gives no right any more; today where absent. On a later day it turns then. */
  from: optional(parsedBy(parseDay)),
  /** Number of the decision by which another organisation than the issuer's revokes; it stands on the ledger. */
  decision: optional(decisionNumber),
});
export type StatusOrder = Parsed<typeof statusOrder>;

export interface StatusDeskParts extends AuthorityParts {
  readonly rows: CredentialRows;
  readonly numbers: DiplomaNumbers;
  readonly dids: DidRows;
  readonly lists: StatusLists;
  readonly standing: StandingKeys;
  readonly settling: Settling;
}

export class StatusDesk {
  readonly #parts: StatusDeskParts;

  constructor(parts: StatusDeskParts) {
    this.#parts = parts;
  }

  /**
   * Changes a status; answered when everybody can read it. Another organisation than the issuer's can revoke by a right of its own.
   *
   * @throws Problem CREDENTIAL_UNKNOWN, DID_NOT_HELD, CREDENTIAL_NOT_ISSUED, STATUS_PURPOSE_UNKNOWN, STATUS_IS_FINAL,
   *   CREDENTIAL_REVOKED_ALREADY, FIELD_WRONG_VALUE for an entry of another credential; what the ledger refuses; LEDGER_…: then
   *   it goes on by itself
   */
  async change(caller: Caller, order: StatusOrder): Promise<CredentialRecord> {
    const purpose = purposeOf(order);
    const { rows, standing, settling } = this.#parts;
    return settling.inTurn(order.credentialId, async () => {
      const record = await rows.known(order.credentialId);
      const isOwn = record.organisation === caller.organisation;
      require(isOwn || (purpose === 'revocation' && order.status), 'DID_NOT_HELD', { did: record.claims.issuer, organisation: caller.organisation });
      require(record.state === 'issued', 'CREDENTIAL_NOT_ISSUED', { credential: record.id });
      requireEntry(record, purpose, order);
      if (!isOwn) return revokeByAuthority(caller, record, order, this.#parts);
      await standing.remember(record.claims.issuer, caller.bearer);
      const isNews = this.#isNews(record, purpose, order.status);
      return settling.advance(isNews ? await this.#want(record, purpose, order, caller) : record);
    });
  }

  #isNews({ id, slot, wanted }: CredentialRecord, purpose: 'revocation' | 'suspension', status: boolean): boolean {
    const isRevoked = wanted.revocation === true;
    const isSo = wanted[purpose] ?? this.#parts.lists.bit(slot, purpose);
    if (isSo === status) return false;
    require(purpose !== 'revocation' || status, 'STATUS_IS_FINAL', { credential: id });
    require(!isRevoked, 'CREDENTIAL_REVOKED_ALREADY', { credential: id });
    return true;
  }

  async #want(record: CredentialRecord, purpose: 'revocation' | 'suspension', { status, reason = '', from }: StatusOrder, caller: Caller): Promise<CredentialRecord> {
    const now = this.#parts.now();
    const today = dayInVietNam(instantOf(now));
    const wanted: CredentialRecord = {
      ...record, wanted: { ...record.wanted, [purpose]: status }, ...licenceWishOf(record, purpose, { status, reason, from: from ?? today, today }),
      log: [...record.log, { purpose, value: status, at: instantOf(now), by: caller.key.id, reason }],
    };
    const freed = purpose === 'revocation' ? await this.#freed(record) : [];
    await this.#parts.store.write([putRecord(wanted), putJson(PENDING + record.id, true), ...freed]);
    return wanted;
  }

  /** What is revoked no longer stands in the way of a new one. */
  async #freed(record: CredentialRecord): Promise<Change[]> {
    const { rows, numbers } = this.#parts;
    const diploma = await rows.withSecrets(record);
    return [...uniqueGone(record), ...(diploma === undefined ? [] : await numbers.givingBack(diploma))];
  }
}

function purposeOf({ credentialStatus: { statusPurpose } }: StatusOrder): 'revocation' | 'suspension' {
  if (statusPurpose !== 'revocation' && statusPurpose !== 'suspension') throw new Problem('STATUS_PURPOSE_UNKNOWN', { field: 'credentialStatus.statusPurpose' });
  return statusPurpose;
}

/** The credential is known by its id; whoever names its entry too must name the right one. */
function requireEntry({ claims }: CredentialRecord, purpose: StatusPurpose, { credentialStatus }: StatusOrder): void {
  const { list, index } = claims.status[purpose];
  const own = { id: `${list}#${index}`, statusListIndex: String(index), statusListCredential: list } as const;
  for (const name of ['id', 'statusListIndex', 'statusListCredential'] as const) {
    const stated = credentialStatus[name];
    require(stated === undefined || stated === own[name], 'FIELD_WRONG_VALUE', { field: `credentialStatus.${name}`, expected: own[name] });
  }
}

/** What shall become of the licence on the ledger. */
function licenceWishOf({ claims, licenceEnd }: CredentialRecord, purpose: StatusPurpose, { status, from, today, reason }: { status: boolean; from: Day; today: Day; reason: string }): Pick<CredentialRecord, 'licenceEnd' | 'revokedFrom' | 'licenceSuspension'> {
  if (claims.type !== 'ChemicalLicenceCredential') return {};
  const said = (usual: string): string => (reason === '' ? usual : reason);
  if (purpose === 'suspension') return licenceEnd === undefined ? { licenceSuspension: { suspended: status, reason: said(status ? 'Đình chỉ · suspended' : 'Hết đình chỉ · reinstated'), done: false } } : {};
  if (purpose !== 'revocation' || licenceEnd !== undefined) return {};
  return { licenceEnd: { from, reason: said('Thu hồi · revoked'), done: false }, ...(from > today ? { revokedFrom: from } : {}) };
}
