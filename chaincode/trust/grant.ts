/** Rights to issue and to accredit are given, ever narrower, and taken back. */
import { Problem, require } from '#domain/errors.js';
import { epochMs, wholeSecond } from '#domain/instant.js';
import { exceeds, judgeChain } from '#domain/trust/grant-chain.js';
import { didKey, grantKey, grantOfKey } from '#domain/trust/keys.js';
import type { GrantRecord } from '#domain/trust/records.js';
import { grantRequest, grantRevocation } from '#domain/trust/requests.js';
import { withdraw } from '#domain/trust/withdrawal.js';
import { handler, SKEW_MS, type Transaction } from '../transaction.js';
import { trustAbove } from './loaded-trust.js';
import { refuseFull, refuseWithdrawn, registeredDid } from './registered-did.js';

/** Grants of one type from one organisation to one DID: nobody can bury another's grant under a thousand of its own. */
const MOST_FROM_ONE = 50;

export const grant = handler(grantRequest, async (tx, request) => {
  const known = await tx.ledger.load(grantKey(request.id), 'grant');
  require(known === undefined, 'GRANT_ALREADY_RECORDED', { grant: request.id });
  const record: GrantRecord = { kind: 'grant', ...request, from: request.from ?? wholeSecond(tx.at), grantor: tx.caller.organisation, grantedAt: tx.at };
  // What was done before must not come right afterwards.
  require(epochMs(record.from) >= epochMs(tx.at) - SKEW_MS && record.until > record.from, 'GRANT_PERIOD_WRONG', { from: record.from, until: record.until, now: tx.at });
  refuseWithdrawn(tx, await registeredDid(tx, request.grantee));
  await checkGrantor(tx, record);
  await refuseFull(tx, grantOfKey(record.grantee, record.credentialType, record.grantor, ''), MOST_FROM_ONE, 'GRANTS_TOO_MANY');
  tx.ledger.save(grantKey(record.id), record);
  tx.ledger.save(grantOfKey(record.grantee, record.credentialType, record.grantor, record.id), { kind: 'grant-of' });
  return { grant: record.id, from: record.from };
});

/** Only a registrar gives a grant that rests on none; everybody else gives a part of what they hold. */
async function checkGrantor(tx: Transaction, record: GrantRecord): Promise<void> {
  const { parent: id } = record;
  if (id === undefined) {
    require(tx.caller.role === 'registrar', 'GRANT_PARENT_NOT_HELD', { field: 'parent' });
    return;
  }
  const parent = await tx.ledger.load(grantKey(id), 'grant');
  require(parent !== undefined, 'GRANT_UNKNOWN', { field: 'parent', grant: id });
  const holder = await tx.ledger.load(didKey(parent.grantee), 'did');
  require(holder?.organisation === tx.caller.organisation, 'GRANT_PARENT_NOT_HELD', { field: 'parent', grant: id });
  const field = exceeds(record, parent);
  if (field !== undefined) throw new Problem('GRANT_EXCEEDS_PARENT', { field, parent: id });
  await checkStanding(tx, parent);
}

/** What is revoked, or stands on something that is, cannot be passed on. */
async function checkStanding(tx: Transaction, parent: GrantRecord): Promise<void> {
  const question = { action: 'accredit', type: parent.credentialType, scope: { provinces: [], substances: [] }, at: tx.at, known: tx.at } as const;
  const { denied, later } = judgeChain(parent, question, await trustAbove(tx, parent.id));
  const refusal = denied ?? later;
  if (refusal !== undefined) throw new Problem(refusal, { field: 'parent', grant: parent.id });
}

export const revokeGrant = handler(grantRevocation, async (tx, { id, ...withdrawal }) => {
  const record = await tx.ledger.load(grantKey(id), 'grant');
  require(record !== undefined, 'GRANT_UNKNOWN', { grant: id });
  const may = tx.caller.role === 'registrar' || record.grantor === tx.caller.organisation;
  require(may, 'GRANT_NOT_GRANTOR', { grant: id, grantor: record.grantor });
  tx.ledger.save(grantKey(id), withdraw(record, withdrawal, tx.at));
  return { grant: id, effect: withdrawal.effect };
});
