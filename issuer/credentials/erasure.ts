/**
 * Personal data erased on request (`trust.md` I4). With the salts, the disclosures and the sealed box gone, nothing here and
 * nothing on the ledger can be tied to the person; the status bit stays, because others hold the credential's text.
 */
import { require } from '#domain/errors.js';
import { instantOf } from '#domain/instant.js';
import type { Caller } from '../callers.js';
import type { IssuerStore } from '../store/issuer-store.js';
import { putRecord, secretsRow, uniqueRow, type CredentialRecord } from './credential-record.js';
import type { CredentialRows } from './credential-rows.js';
import type { Settling } from './settling.js';

export interface ErasureParts {
  readonly store: IssuerStore;
  readonly rows: CredentialRows;
  readonly settling: Settling;
  readonly now: () => number;
}

/**
 * Erases what ties a credential to its subject; repeated, it is done.
 *
 * @throws Problem CREDENTIAL_UNKNOWN, DID_NOT_HELD, CREDENTIAL_NOT_ISSUED while it is under way
 */
export async function erasePersonalData(caller: Caller, id: string, { store, rows, settling, now }: ErasureParts): Promise<CredentialRecord> {
  return settling.inTurn(id, async () => {
    const record = await rows.known(id);
    require(record.organisation === caller.organisation, 'DID_NOT_HELD', { did: record.claims.issuer, organisation: caller.organisation });
    require(record.state === 'issued' || record.state === 'refused', 'CREDENTIAL_NOT_ISSUED', { credential: id });
    if (record.erasedAt !== undefined) return record;
    const { jwt: _jwt, place: _place, log, ...rest } = record;
    const erased: CredentialRecord = { ...rest, claims: { ...record.claims, digests: [] }, log: log.map((entry) => ({ ...entry, reason: '' })), erasedAt: instantOf(now()) };
    await store.erase([putRecord(erased), { key: secretsRow(id) }, { key: uniqueRow(record.unique) }]);
    return erased;
  });
}
