/**
 * The check of a receipt: proof that a record stands on the ledger.
 *
 * A receipt is a signed read of Hyperledger Fabric: a call of a read-only function that peers of several
 * organisations endorsed and that nobody submitted. It holds the question, the answer, the versions of the keys that
 * were read, and the peers' signatures. Whoever hands it over need not be trusted.
 */
import type { ProblemCode } from '#domain/errors.js';
import { hexOf, joined, sameBytes, textOf } from './bytes.js';
import { type CryptoPort, refusing } from './crypto-port.js';
import { type Answer, type EndorsedCall, type Question, readEndorsedCall } from './endorsed-call.js';
import { checkEndorsements } from './endorsement-policy.js';
import type { ReceiptPolicy } from './pinned-organisations.js';
import { type KeyVersion, readSimulation, type Simulation } from './read-set.js';
import { readEnvelope } from './receipt-envelope.js';
import { codeOf, Refusal } from './refusal.js';
import { fail, type Outcome, PASS, passIf, type Report, unknown, type Verdict, verdictOf } from './report.js';

/** The checks of a receipt. */
export type ReceiptCheck =
  | 'readable' // the envelope and everything inside is well-formed, with nothing added
  | 'channel'
  | 'chaincode' // in the header, in the invocation and in the signed answer
  | 'function'
  | 'arguments'
  | 'proposalHash' // the signed answer belongs to this question
  | 'transactionId'
  | 'time' // not in the future
  | 'signatures'
  | 'certificates' // lead to a pinned root, valid when the question was put
  | 'peerRoles'
  | 'organisations' // enough different ones
  | 'response' // status 200, and text
  | 'readOnly'; // nothing written, no event

/** The question that was asked, and whose answer counts. */
export interface ExpectedCall {
  /** e.g. `trace` */
  readonly channel: string;
  /** e.g. `minhchung` */
  readonly chaincode: string;
  /** As it stands on the ledger, with the contract's name in front if there is one, e.g. `goods:readItem` */
  readonly function: string;
  readonly arguments: readonly string[];
  readonly policy: ReceiptPolicy;
  /** Milliseconds since 1970 on the clock of whoever checks. */
  readonly now: number;
}

/** What a verified receipt proves. */
export interface ReceiptFacts {
  /** The signed answer of the function. */
  readonly response: string;
  /** The keys that the function read in this chaincode, with the version each then had. */
  readonly reads: readonly KeyVersion[];
  /** The MSP ids of the organisations that signed, each once, sorted. */
  readonly organisations: readonly string[];
  readonly transactionId: string;
  /** When the question was put, milliseconds since 1970; the peers' clocks agreed within 15 minutes. */
  readonly askedAt: number;
  /** From then to `now`, milliseconds, never negative. */
  readonly age: number;
}

/** Facts are there if and only if the receipt is verified: nothing unproven can be shown by mistake. */
export type ReceiptVerdict =
  | { readonly verdict: 'verified'; readonly report: Report<ReceiptCheck>; readonly facts: ReceiptFacts }
  | { readonly verdict: Exclude<Verdict, 'verified'>; readonly report: Report<ReceiptCheck> };

/** How far Fabric's peers let a client's clock be off by default (peer.authentication.timewindow). */
const CLOCK_TOLERANCE = 15 * 60 * 1000;
const RESPONSE_OK = 200;

/**
 * Verifies a receipt. Never throws for anything in the text: every defect is a `fail` with its code, and what could
 * not be checked (no cryptography here, an unusable policy) is `unknown`.
 *
 * @param receiptText `{"format":"minhchung-receipt-1","payload":"…"}`, at most 256 KiB
 * @param expected the question asked; the receipt must answer exactly this one
 * @param crypto `webCrypto(crypto.subtle)` or the server's `nodeCrypto()`
 * @returns the outcome of every check, their verdict, and the facts if that is `verified`; codes RECEIPT_…,
 * CERTIFICATE_… and CRYPTO_UNAVAILABLE
 */
export async function verifyReceipt(receiptText: string, expected: ExpectedCall, crypto: CryptoPort): Promise<ReceiptVerdict> {
  const receipt = read(receiptText, expected.chaincode);
  if (receipt instanceof Refusal) return unreadable(receipt.code);
  const { call, simulation } = receipt;
  const port = refusing(crypto);
  const [binding, endorsements] = await Promise.all([
    checkBinding(call, port),
    checkEndorsements(call, expected.policy, port),
  ]);
  const report: Report<ReceiptCheck> = {
    readable: PASS,
    ...checkQuestion(call, expected),
    ...binding,
    ...endorsements.report,
    response: checkResponse(call.answer),
    readOnly: passIf(simulation.isReadOnly && call.answer.event.length === 0, 'RECEIPT_NOT_READ_ONLY'),
  };
  const verdict = verdictOf(report);
  if (verdict !== 'verified') return { verdict, report };
  return { verdict, report, facts: factsOf(receipt, endorsements.confirmed, expected.now) };
}

interface Receipt {
  readonly call: EndorsedCall;
  readonly simulation: Simulation;
}

function read(text: string, chaincode: string): Receipt | Refusal {
  try {
    const call = readEndorsedCall(readEnvelope(text));
    return { call, simulation: readSimulation(call.answer.results, chaincode) };
  } catch (error) {
    return new Refusal(codeOf(error));
  }
}

function unreadable(code: ProblemCode): ReceiptVerdict {
  const notReached = unknown('RECEIPT_CHECK_NOT_REACHED');
  return {
    verdict: 'not-verified',
    report: {
      readable: fail(code), channel: notReached, chaincode: notReached, function: notReached, arguments: notReached,
      proposalHash: notReached, transactionId: notReached, time: notReached, signatures: notReached,
      certificates: notReached, peerRoles: notReached, organisations: notReached, response: notReached, readOnly: notReached,
    },
  };
}

type QuestionCheck = 'channel' | 'chaincode' | 'function' | 'arguments' | 'time';

function checkQuestion({ question, answer }: EndorsedCall, expected: ExpectedCall): Report<QuestionCheck> {
  const chaincodes = [...question.chaincodes, answer.chaincode];
  const [name, ...given] = question.input.map(textOf);
  const sameArguments = given.length === expected.arguments.length && given.every((text, i) => text === expected.arguments[i]);
  return {
    channel: passIf(question.channel === expected.channel, 'RECEIPT_OTHER_CHANNEL'),
    chaincode: passIf(chaincodes.every((chaincode) => chaincode === expected.chaincode), 'RECEIPT_OTHER_CHAINCODE'),
    function: passIf(name === expected.function, 'RECEIPT_OTHER_FUNCTION'),
    arguments: passIf(sameArguments, 'RECEIPT_OTHER_ARGUMENTS'),
    // Rather the clock here is wrong than that peers signed in the future: no answer, not a wrong one.
    time: question.instant <= expected.now + CLOCK_TOLERANCE ? PASS : unknown('RECEIPT_FROM_THE_FUTURE'),
  };
}

async function checkBinding({ question, answer }: EndorsedCall, crypto: CryptoPort): Promise<Report<'proposalHash' | 'transactionId'>> {
  try {
    const [proposalHash, transactionId] = await Promise.all([
      crypto.sha256(joined(...question.hashed)),
      crypto.sha256(joined(question.nonce, question.creator)),
    ]);
    return {
      proposalHash: passIf(sameBytes(proposalHash, answer.proposalHash), 'RECEIPT_PROPOSAL_HASH_WRONG'),
      transactionId: passIf(hexOf(transactionId) === question.transactionId, 'RECEIPT_TRANSACTION_ID_WRONG'),
    };
  } catch (error) {
    const unanswered = unknown(codeOf(error));
    return { proposalHash: unanswered, transactionId: unanswered };
  }
}

function checkResponse({ status, payload }: Answer): Outcome {
  if (status !== RESPONSE_OK) return fail('RECEIPT_RESPONSE_STATUS');
  return passIf(textOf(payload) !== undefined, 'RECEIPT_RESPONSE_NOT_TEXT');
}

function factsOf({ call, simulation }: Receipt, confirmed: ReadonlySet<string>, now: number): ReceiptFacts {
  const { instant, transactionId }: Question = call.question;
  return {
    response: textOf(call.answer.payload) ?? '',
    reads: simulation.reads,
    organisations: [...confirmed].sort(),
    transactionId,
    askedAt: instant,
    age: Math.max(0, now - instant),
  };
}
