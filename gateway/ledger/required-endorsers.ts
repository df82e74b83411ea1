/**
 * Whose endorsement a transaction needs besides what the chaincode's own policy asks for: that of a collection of private
 * data that it writes. Peers that choose the endorsers know it; whoever names them has to know it too, or orderers and
 * blocks would be bothered with transactions that cannot be valid.
 */
import { LedgerFailure } from './ledger.js';
import { writtenCollections } from './transaction-reader.js';

/** Organisations that must endorse what writes a collection, by its name, e.g. `{ controlled: ['RegulatorMSP'] }`. */
export type RequiredEndorsers = Readonly<Record<string, readonly string[]>>;

/**
 * @param payload of an endorsed transaction, serialised `common.Payload`
 * @param named the organisations that endorsed it
 * @returns those that must endorse it besides, e.g. `['RegulatorMSP']`
 * @throws WireError
 */
export function lackingEndorsers(payload: Uint8Array, named: readonly string[], required: RequiredEndorsers): readonly string[] {
  const wanted = [...writtenCollections(payload)].flatMap((collection) => (Object.hasOwn(required, collection) ? (required[collection] ?? []) : []));
  return [...new Set(wanted)].filter((organisation) => !named.includes(organisation));
}

export interface Endorsing<T> {
  /** whom to name, because a peer is silent; `undefined`: the peer that is asked chooses */
  readonly named: readonly string[] | undefined;
  readonly required: RequiredEndorsers;
  readonly endorse: (named: readonly string[] | undefined) => Promise<T>;
  /** the serialised `common.Payload` */
  readonly payloadOf: (endorsed: T) => Uint8Array;
}

/**
 * Has a transaction endorsed. Where those who were named do not suffice, the peer that is asked chooses: who is silent
 * towards the gateway may well answer it.
 *
 * @throws Problem what the contract refused; LedgerFailure, with code `FAILED_PRECONDITION` where an organisation without
 *   which it cannot be is silent
 */
export async function endorsedBySufficient<T>({ named, required, endorse, payloadOf }: Endorsing<T>): Promise<T> {
  const endorsed = await endorse(named);
  const lacking = named === undefined ? [] : lackingEndorsers(payloadOf(endorsed), named, required);
  if (lacking.length === 0) return endorsed;
  try {
    return await endorse(undefined);
  } catch (error) {
    throw error instanceof LedgerFailure && mayBeSilence(error) ? lackingFailure(lacking, error) : error;
  }
}

function mayBeSilence({ retry, code }: LedgerFailure): boolean {
  return retry === 'new-id' && code !== 'ABORTED';
}

/** What peers say themselves, once they know. */
function lackingFailure(lacking: readonly string[], cause: LedgerFailure): LedgerFailure {
  const at = { stage: 'endorse', transactionId: cause.transactionId, retry: 'new-id', code: 'FAILED_PRECONDITION' } as const;
  return new LedgerFailure(at, `${lacking.join(', ')} must endorse it and does not answer`, cause);
}
