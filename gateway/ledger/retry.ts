/** Whether, and how, to try again: one pure table for each place where a transaction can fail. */

/**
 * `same-id`: send the very same bytes again; it may have been ordered already, and a second copy is harmless.
 * `new-id`: ask for a new endorsement; the failed one can have no effect. `no`: it would fail again.
 */
export type Retry = 'same-id' | 'new-id' | 'no';

export interface RetryRule {
  readonly name: string;
  readonly retry: Retry;
  /** how many new endorsements make sense before giving up; the caller's own bound applies as well */
  readonly times: number;
}

const no = (name: string): RetryRule => ({ name, retry: 'no', times: 0 });
const contended = (name: string): RetryRule => ({ name, retry: 'new-id', times: 100 });
/** The definition or a key's policy changed in between: a fresh endorsement meets the new one, or never will. */
const changed = (name: string): RetryRule => ({ name, retry: 'new-id', times: 2 });
const undecided = (name: string): RetryRule => ({ name, retry: 'same-id', times: 0 });

/** Fabric's TxValidationCode (protos/peer/transaction.proto). */
const VALIDATION = new Map<number, RetryRule>([
  [0, no('VALID')],
  [1, no('NIL_ENVELOPE')],
  [2, no('BAD_PAYLOAD')],
  [3, no('BAD_COMMON_HEADER')],
  [4, no('BAD_CREATOR_SIGNATURE')],
  [5, no('INVALID_ENDORSER_TRANSACTION')],
  [6, no('INVALID_CONFIG_TRANSACTION')],
  [7, no('UNSUPPORTED_TX_PAYLOAD')],
  [8, no('BAD_PROPOSAL_TXID')],
  // A copy of ours: what the first one met is the outcome.
  [9, undecided('DUPLICATE_TXID')],
  [10, changed('ENDORSEMENT_POLICY_FAILURE')],
  [11, contended('MVCC_READ_CONFLICT')],
  [12, contended('PHANTOM_READ_CONFLICT')],
  [13, no('UNKNOWN_TX_TYPE')],
  [14, no('TARGET_CHAIN_NOT_FOUND')],
  [15, no('MARSHAL_TX_ERROR')],
  [16, no('NIL_TXACTION')],
  [17, changed('EXPIRED_CHAINCODE')],
  [18, changed('CHAINCODE_VERSION_CONFLICT')],
  [19, no('BAD_HEADER_EXTENSION')],
  [20, no('BAD_CHANNEL_HEADER')],
  [21, no('BAD_RESPONSE_PAYLOAD')],
  [22, no('BAD_RWSET')],
  [23, no('ILLEGAL_WRITESET')],
  [24, no('INVALID_WRITESET')],
  [25, no('INVALID_CHAINCODE')],
  [254, undecided('NOT_VALIDATED')],
  [255, no('INVALID_OTHER_REASON')],
]);

/**
 * @param code a TxValidationCode, e.g. 11
 * @returns e.g. `{ name: 'MVCC_READ_CONFLICT', retry: 'new-id', … }`; a code of a later Fabric is never tried again
 */
export function retryAfterValidation(code: number): RetryRule {
  return VALIDATION.get(code) ?? no(`CODE_${code}`);
}

interface GrpcRule {
  readonly name: string;
  readonly endorse: Retry;
  readonly submit: Retry;
}

const grpc = (name: string, endorse: Retry, submit: Retry): GrpcRule => ({ name, endorse, submit });

/**
 * gRPC's status codes as Fabric's gateway service uses them. Endorsing has no effect, so what may pass may be asked
 * anew. Submitting may have had one whatever the answer (BFT orderers refuse what they have already), so only the
 * answers about the bytes themselves can be final, and only where peers of enough organisations give them.
 */
const GRPC: readonly GrpcRule[] = [
  grpc('OK', 'no', 'same-id'),
  grpc('CANCELLED', 'new-id', 'same-id'),
  grpc('UNKNOWN', 'no', 'same-id'),
  grpc('INVALID_ARGUMENT', 'no', 'no'),
  grpc('DEADLINE_EXCEEDED', 'new-id', 'same-id'),
  grpc('NOT_FOUND', 'no', 'same-id'),
  grpc('ALREADY_EXISTS', 'no', 'same-id'),
  grpc('PERMISSION_DENIED', 'no', 'no'),
  grpc('RESOURCE_EXHAUSTED', 'new-id', 'same-id'),
  // No peer can be found that would satisfy the policy: so after a start, for a second or two.
  grpc('FAILED_PRECONDITION', 'new-id', 'same-id'),
  // At endorse: peers refused or disagree (one may lag); at submit: an orderer answered 4xx about these bytes.
  grpc('ABORTED', 'new-id', 'no'),
  grpc('OUT_OF_RANGE', 'no', 'same-id'),
  grpc('UNIMPLEMENTED', 'no', 'no'),
  grpc('INTERNAL', 'no', 'same-id'),
  grpc('UNAVAILABLE', 'new-id', 'same-id'),
  grpc('DATA_LOSS', 'no', 'same-id'),
  grpc('UNAUTHENTICATED', 'no', 'no'),
];

const UNKNOWN = 2;
const RESOURCE_EXHAUSTED = 8;
const ABORTED = 10;
const UNAVAILABLE = 14;

/**
 * What a gateway service means by a code, as far as its words tell more (measured on Fabric 3.1). `ABORTED` covers
 * endorsers that are away, contracts that failed, and peers that disagree: who is away comes back, a contract's fault
 * does not, and peers disagree for a moment, or for good. Too many requests at once are answered `UNKNOWN`.
 *
 * @param message of the answer, e.g. `2 UNKNOWN: too many requests for /gateway.Gateway, exceeding concurrency limit (500)`
 * @param details what it says of each peer, e.g. `rpc error: code = Unavailable desc = connection error: …`
 * @returns the code to judge by, e.g. 14 for an ABORTED of which no peer ran the contract to an end that it complains of
 */
export function meantCode(code: number, message: string, details: readonly string[]): number {
  if (code === UNKNOWN && details.length === 0 && message.includes('too many requests')) return RESOURCE_EXHAUSTED;
  const away = details.length > 0 && details.every((detail) => !/chaincode response \d|do not match/.test(detail));
  return code === ABORTED && away ? UNAVAILABLE : code;
}

/**
 * An orderer's words about the bytes themselves: no such signature, a certificate that has ended, too large. One that has not
 * joined the channel yet says BAD_REQUEST too, and will take them when it has.
 */
const REFUSED_BY_ORDERER = /^received unsuccessful response from orderer: status=(FORBIDDEN, |BAD_REQUEST, info=(broadcast client identity expired|message payload is \d+ bytes and exceeds))/;

/**
 * What a gateway service means by a code at `submit`. Under BFT it asks all orderers and gives up when one more has failed than
 * may be faulty: if all of these refuse the bytes, this is no matter of availability, though others may have taken them.
 *
 * @param details what it says of each orderer, e.g. `received unsuccessful response from orderer: status=FORBIDDEN, info=…`
 * @returns the code to name it by, e.g. 10 (`ABORTED`, as under Raft) for an UNAVAILABLE of which each orderer refused the bytes
 */
export function meantAtSubmit(code: number, details: readonly string[]): number {
  const refused = details.length > 0 && details.every((detail) => REFUSED_BY_ORDERER.test(detail));
  return code === UNAVAILABLE && refused ? ABORTED : code;
}

/** @param name of a code at `submit`, e.g. `ABORTED`; @returns whether it is about the bytes themselves, and not about whom they are sent through */
export function refusesBytes(name: string): boolean {
  return GRPC.some((rule) => rule.name === name && rule.submit === 'no');
}

/** @param code 0 to 16, e.g. 14 at `submit` gives `same-id` */
export function retryAfterGrpc(stage: 'evaluate' | 'endorse' | 'submit' | 'status', code: number): Retry {
  const rule = GRPC[code];
  if (stage === 'status') return 'same-id';
  if (stage === 'submit') return rule?.submit ?? 'same-id';
  return rule?.endorse ?? 'no';
}

export function grpcName(code: number): string {
  return GRPC[code]?.name ?? `GRPC_${code}`;
}

/**
 * How long to wait before attempt `attempt` (0 is the first repeat): a random time below a ceiling that doubles, so
 * that contenders of one key spread out.
 *
 * @param random a number in [0, 1)
 * @returns milliseconds
 */
export function backOff(attempt: number, random: number, baseMs = 20, ceilingMs = 1000): number {
  return Math.round(random * Math.min(ceilingMs, baseMs * 2 ** (attempt + 1)));
}
