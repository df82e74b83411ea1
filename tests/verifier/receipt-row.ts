import type { ProblemCode } from '#domain/errors.js';
import type { ExpectedCall, ReceiptCheck } from '../../verifier/core/receipt.js';
import { fail, type Outcome, PASS, type Report, unknown } from '../../verifier/core/report.js';
import type { Signer } from './certificate-builder.js';
import { receipt, type ReceiptPlan, type World } from './receipt-builder.js';

/** One single change to a good receipt, or to what was expected, and every check that it upsets. */
export interface Row {
  readonly name: string;
  /** Where the rule stands that the change breaks. */
  readonly source: string;
  readonly receipt: (world: World) => string | Promise<string>;
  readonly expected?: (expected: ExpectedCall, world: World) => ExpectedCall;
  /** The outcomes that are not `pass`; all others must pass. */
  readonly upset: Partial<Report<ReceiptCheck>>;
}

const ALL_PASS: Report<ReceiptCheck> = {
  readable: PASS, channel: PASS, chaincode: PASS, function: PASS, arguments: PASS, proposalHash: PASS, transactionId: PASS,
  time: PASS, signatures: PASS, certificates: PASS, peerRoles: PASS, organisations: PASS, response: PASS, readOnly: PASS,
};

/** The whole report that a row must give. */
export function reportOf(upset: Partial<Report<ReceiptCheck>>): Report<ReceiptCheck> {
  return { ...ALL_PASS, ...upset };
}

export function fails(codes: Partial<Record<ReceiptCheck, ProblemCode>>): Partial<Report<ReceiptCheck>> {
  return Object.fromEntries(Object.entries(codes).map(([check, code]) => [check, fail(code)]));
}

/** What is left of a report when the receipt cannot be read. */
export function unreadable(code: ProblemCode): Report<ReceiptCheck> {
  const notReached: Outcome = unknown('RECEIPT_CHECK_NOT_REACHED');
  const report = Object.fromEntries(Object.keys(ALL_PASS).map((check) => [check, notReached])) as Record<ReceiptCheck, Outcome>;
  return { ...report, readable: fail(code) };
}

/** A receipt of organisations 1 and 2 and of somebody else in place of organisation 3: two good ones are enough. */
export function withThird(world: World, third: Signer, change: Partial<ReceiptPlan> = {}): string {
  return receipt(world, { signers: [world.org1.peer, world.org2.peer, third], ...change });
}

/** The same question with other certificates pinned for one organisation. */
export function pinning(expected: ExpectedCall, mspId: string, certificates: readonly (string | Uint8Array)[]): ExpectedCall {
  return { ...expected, policy: { ...expected.policy, roots: { ...expected.policy.roots, [mspId]: certificates } } };
}

export function needing(expected: ExpectedCall, minimumOrganisations: number): ExpectedCall {
  return { ...expected, policy: { ...expected.policy, minimumOrganisations } };
}
