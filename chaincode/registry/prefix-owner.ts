/** A GTIN or SSCC may be used only by the organisation whose GS1 company prefix it begins with. */
import { Problem } from '#domain/errors.js';
import { prefixCandidates, type PrefixedKey } from '#domain/gs1/company-prefix.js';
import { prefixKey } from '#domain/registry/keys.js';
import type { Transaction } from '../transaction.js';

/** @throws Problem PREFIX_NOT_HELD where no prefix of the caller's organisation owns the number */
export async function checkPrefixHeld(tx: Transaction, number: PrefixedKey): Promise<void> {
  const owner = await prefixOwner(tx, number);
  if (owner !== tx.caller.organisation) {
    throw new Problem('PREFIX_NOT_HELD', { number, organisation: tx.caller.organisation });
  }
}

async function prefixOwner(tx: Transaction, number: PrefixedKey): Promise<string | undefined> {
  for (const prefix of prefixCandidates(number)) {
    const record = await tx.ledger.load(prefixKey(prefix), 'company-prefix');
    if (record !== undefined) return record.organisation;
  }
  return undefined;
}
