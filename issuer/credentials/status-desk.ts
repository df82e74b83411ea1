/** What the status of a credential becomes (W3C VC API 0.9, section Update Status). Revoked is for good. */
import { credentialId } from '#domain/credential/credential-id.js';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import { Problem, require } from '#domain/errors.js';
import { dayInVietNam, instantOf, parseDay } from '#domain/instant.js';
import { flag, object, oneOf, optional, parsedBy, text, type Parsed } from '#domain/shape.js';
import { decisionNumber } from '#domain/trust/records.js';
import { requireScopeFor, type Caller } from '../callers.js';
import type { DidRows } from '../dids/did-rows.js';
import type { StandingKeys } from '../ledger/standing-keys.js';
import type { StatusLists } from '../status/status-lists.js';
import { putJson, type Change } from '../store/issuer-store.js';
import { revokeByAuthority, type AuthorityParts } from './authority-revocation.js';
import { PENDING, putRecord, uniqueGone, type CredentialRecord } from './credential-record.js';
import type { CredentialRows } from './credential-rows.js';
import type { DiplomaNumbers } from './diploma-numbers.js';
import { withLicenceWish, type StatusWish } from './licence-wish.js';
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
  /** Of a licence's revocation alone: the day from which it gives no right any more; today where absent. On a later day it turns then; an earlier one than was announced counts instead. */
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
   *   CREDENTIAL_REVOKED_ALREADY, SCOPE_MISSING for a licence, FIELD_WRONG_VALUE for an entry of another credential and for a
   *   day where there is none; what the ledger refuses; LEDGER_…: then it goes on by itself
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
      requireDayOfLicence(record, purpose, order);
      if (!isOwn) return revokeByAuthority(caller, record, order, this.#parts);
      requireScopeFor(caller, record.claims.type);
      await standing.remember(record.claims.issuer, caller);
      const today = dayInVietNam(instantOf(this.#parts.now()));
      const wish = { purpose, status: order.status, from: order.from ?? today, today, reason: order.reason ?? '' };
      return settling.advance(this.#isNews(record, wish) ? await this.#want(record, wish, caller) : record);
    });
  }

  #isNews({ id, slot, wanted, revokedFrom }: CredentialRecord, { purpose, status, from, today }: StatusWish): boolean {
    const announced = revokedFrom !== undefined && revokedFrom > today ? revokedFrom : undefined;
    const isSo = wanted[purpose] ?? this.#parts.lists.bit(slot, purpose);
    if (isSo === status) return purpose === 'revocation' && announced !== undefined && from < announced;
    require(purpose !== 'revocation' || status, 'STATUS_IS_FINAL', { credential: id });
    require(wanted.revocation !== true || announced !== undefined, 'CREDENTIAL_REVOKED_ALREADY', { credential: id });
    return true;
  }

  async #want(record: CredentialRecord, wish: StatusWish, caller: Caller): Promise<CredentialRecord> {
    const { purpose, status, reason } = wish;
    const wanted: CredentialRecord = {
      ...withLicenceWish(record, wish), wanted: { ...record.wanted, [purpose]: status },
      log: [...record.log, { purpose, value: status, at: instantOf(this.#parts.now()), by: caller.key.id, reason }],
    };
    // What was freed when the revocation was announced may be another one's by now.
    const freed = purpose === 'revocation' && record.wanted.revocation !== true ? await this.#freed(record) : [];
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

/** What can end on a day to come is a licence, for the ledger keeps it; anything else would be revoked at once, for good. */
function requireDayOfLicence({ claims }: CredentialRecord, purpose: StatusPurpose, { from }: StatusOrder): void {
  const hasDay = claims.type === 'ChemicalLicenceCredential' && purpose === 'revocation';
  require(from === undefined || hasDay, 'FIELD_WRONG_VALUE', { field: 'from', expected: 'none, but for the revocation of a licence' });
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
