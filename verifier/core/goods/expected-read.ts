import type { TrustRoots } from '#domain/goods/public-item.js';
import type { TransactionName } from '#domain/transactions.js';
import type { ExpectedCall } from '../receipt.js';

/** The reading transaction whose signed answer a receipt of goods holds. */
const READ_ITEM = 'goods:readItem' satisfies TransactionName;

/**
 * The one question that a receipt must answer to prove what the register says of an item.
 *
 * @param key e.g. `/01/09520000000011/21/7QK2M9ZD4XWA`
 * @param now milliseconds since 1970 on the clock of whoever checks
 */
export function expectedRead(key: string, { channel, chaincode, roots, revocationLists, minimumOrganisations }: TrustRoots, now: number): ExpectedCall {
  return { channel, chaincode, function: READ_ITEM, arguments: [key], policy: { roots, revocationLists, minimumOrganisations, peerRole: 'peer' }, now };
}
