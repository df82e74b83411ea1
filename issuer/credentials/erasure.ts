/**
 * Personal data erased on request (`trust.md` I4). With the salts, the disclosures and the sealed box gone, nothing here and
 * nothing on the ledger can be tied to the person; the status bit stays, because others hold the credential's text.
 */
import { require } from '#domain/errors.js';
import { instantOf } from '#domain/instant.js';
import type { Caller } from '../callers.js';
import type { InTurn } from '../in-turn.js';
import type { IssuerStore } from '../store/issuer-store.js';
import { putRecord, secretsRow, uniqueGone, type CredentialRecord } from './credential-record.js';
import type { CredentialRows } from './credential-rows.js';
import type { DiplomaNumbers } from './diploma-numbers.js';
import type { Settling } from './settling.js';

export interface ErasureParts {
  readonly store: IssuerStore;
  readonly rows: CredentialRows;
  readonly numbers: DiplomaNumbers;
  readonly settling: Settling;
  readonly turns: InTurn;
  readonly now: () => number;
}

/**
 * Erases what ties a credential to its subject; repeated, it is done.
 *
 * @throws Problem CREDENTIAL_UNKNOWN, DID_NOT_HELD, CREDENTIAL_NOT_ISSUED while it is under way
 */
export async function erasePersonalData(caller: Caller, id: string, parts: ErasureParts): Promise<CredentialRecord> {
  const { rows, settling, turns } = parts;
  return settling.inTurn(id, async () => {
    const record = await rows.known(id);
    require(record.organisation === caller.organisation, 'DID_NOT_HELD', { did: record.claims.issuer, organisation: caller.organisation });
    require(record.state === 'issued' || record.state === 'refused', 'CREDENTIAL_NOT_ISSUED', { credential: id });
    if (record.erasedAt !== undefined) return record;
    return turns.run(`unique ${record.unique ?? record.id}`, async () => erased(record, parts));
  });
}

/** The numbers are free for the same diploma to be issued anew. */
async function erased(record: CredentialRecord, { store, rows, numbers, now }: ErasureParts): Promise<CredentialRecord> {
  const { jwt: _jwt, place: _place, log, ...rest } = record;
  const left: CredentialRecord = { ...rest, claims: { ...record.claims, digests: [] }, log: log.map((entry) => ({ ...entry, reason: '' })), erasedAt: instantOf(now()) };
  const forgotten = [putRecord(left), { key: secretsRow(record.id) }, ...uniqueGone(record)];
  const diploma = record.state === 'refused' ? undefined : await rows.withSecrets(record);
  const taken = Object.values<string>((diploma === undefined ? undefined : numbers.rowsOfDiploma(diploma)) ?? {});
  await numbers.alone(taken, async () => store.erase([...forgotten, ...(diploma === undefined ? [] : await numbers.givingBack(diploma))]));
  return left;
}
