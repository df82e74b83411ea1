import type { ProblemCode } from '#domain/errors.js';
import type { CryptoPort } from './crypto-port.js';
import type { EndorsedCall } from './endorsed-call.js';
import { type EndorsementFinding, examineEndorsement } from './endorsement-check.js';
import { type PinnedOrganisations, pinnedOrganisations, type ReceiptPolicy } from './pinned-organisations.js';
import { codeOf, Refusal } from './refusal.js';
import { fail, type Outcome, PASS, type Report, unknown, worstOf } from './report.js';
import { revokedCertificates, type RevokedCertificates } from './revoked-certificates.js';

/** What the endorsements of a call are worth under a policy. */
export interface EndorsementsResult {
  readonly report: Report<'signatures' | 'certificates' | 'peerRoles' | 'organisations'>;
  /** The organisations of which an endorsement passed every check. */
  readonly confirmed: ReadonlySet<string>;
}

/**
 * Checks every endorsement, and that enough different organisations stand behind the answer.
 *
 * One endorsement that does not hold fails the receipt even where the others would be enough: an honest receipt has
 * none, and so no byte of a receipt can be changed unnoticed.
 *
 * @param crypto rejects with a Refusal when no answer can be had
 */
export async function checkEndorsements(call: EndorsedCall, policy: ReceiptPolicy, crypto: CryptoPort): Promise<EndorsementsResult> {
  const pinned = await usable(policy, crypto);
  if (pinned instanceof Refusal) return withoutPolicy(pinned.code);
  const context = { signed: call.answer.signed, at: call.question.instant, ...pinned, peerRole: policy.peerRole, crypto };
  const findings = await Promise.all(call.endorsements.map((endorsement) => examineEndorsement(endorsement, context)));
  const worst = (check: 'signature' | 'certificate' | 'role'): Outcome =>
    worstOf(findings.map((finding) => finding[check]), 'RECEIPT_CHECK_NOT_REACHED');
  return {
    report: {
      signatures: worst('signature'),
      certificates: worst('certificate'),
      peerRoles: worst('role'),
      organisations: countOrganisations(findings, policy.minimumOrganisations),
    },
    confirmed: organisationsOf(findings, ['pass']),
  };
}

interface Pinned {
  readonly organisations: PinnedOrganisations;
  readonly revoked: RevokedCertificates;
}

interface Known extends Pinned {
  readonly policy: ReceiptPolicy;
}

/** By the roots: reading the lists beside them costs more than all the rest of a receipt. A refusal is not remembered. */
const known = new WeakMap<ReceiptPolicy['roots'], Known>();

async function usable(policy: ReceiptPolicy, crypto: CryptoPort): Promise<Pinned | Refusal> {
  const before = known.get(policy.roots);
  if (before !== undefined && isSame(before.policy, policy)) return before;
  try {
    const organisations = pinnedOrganisations(policy);
    const read = { organisations, policy, revoked: await revokedCertificates(policy.revocationLists, organisations, crypto) };
    known.set(policy.roots, read);
    return read;
  } catch (error) {
    return new Refusal(codeOf(error));
  }
}

function isSame(a: ReceiptPolicy, b: ReceiptPolicy): boolean {
  return a.revocationLists === b.revocationLists && a.minimumOrganisations === b.minimumOrganisations && a.peerRole === b.peerRole;
}

function withoutPolicy(code: ProblemCode): EndorsementsResult {
  const unanswered = unknown(code);
  return {
    report: { signatures: unanswered, certificates: unanswered, peerRoles: unanswered, organisations: unanswered },
    confirmed: new Set(),
  };
}

/** A second endorsement of the same organisation, or the same one again, adds nothing. */
function countOrganisations(findings: readonly EndorsementFinding[], minimum: number): Outcome {
  if (organisationsOf(findings, ['pass']).size >= minimum) return PASS;
  const possible = organisationsOf(findings, ['pass', 'unknown']).size;
  return possible >= minimum ? unknown('RECEIPT_CHECK_NOT_REACHED') : fail('RECEIPT_TOO_FEW_ORGANISATIONS');
}

/** The organisations with an endorsement of which every check ended in one of these ways. */
function organisationsOf(findings: readonly EndorsementFinding[], allowed: readonly Outcome['result'][]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { mspId, signature, certificate, role } of findings) {
    const accepted = [signature, certificate, role].every(({ result }) => allowed.includes(result));
    if (accepted && mspId !== undefined) names.add(mspId);
  }
  return names;
}
