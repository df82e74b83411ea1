/** Chains of grants: each no wider than the one above it, up to a registrar's own. */
import type { SubstanceId } from '../chemistry/substances.js';
import type { CredentialType } from '../credential/credential-type.js';
import type { ProblemCode } from '../errors.js';
import type { Instant } from '../instant.js';
import type { Did } from './did.js';
import { LONGEST_CHAIN, type DidRecord, type GrantRecord, type GrantScope, type TrustAction } from './records.js';
import { withdrawnAt } from './withdrawal.js';

/** `denied`: the chain does not allow it; `later`: it did then, but something on it was withdrawn since. */
export interface ChainFinding {
  /** Ids from the grant itself up to the registrar's. */
  readonly chain: readonly string[];
  readonly denied?: ProblemCode;
  readonly later?: ProblemCode;
}

/** What of a grant a wider one must contain. */
export type GrantExtent = Pick<GrantRecord, 'actions' | 'credentialType' | 'scope' | 'from' | 'until' | 'depth'>;

/**
 * In what a grant is wider than the one it is given under: asked when it is written, and again whenever it is read.
 *
 * @returns the field at fault; `undefined` if it is contained in every respect
 */
export function exceeds(child: GrantExtent, parent: GrantExtent): keyof GrantExtent | undefined {
  if (!parent.actions.includes('accredit') || !child.actions.every((action) => parent.actions.includes(action))) return 'actions';
  if (child.credentialType !== parent.credentialType) return 'credentialType';
  if (!scopeWithin(child.scope, parent.scope)) return 'scope';
  if (child.from < parent.from) return 'from';
  if (child.until > parent.until) return 'until';
  return child.depth < parent.depth ? undefined : 'depth';
}

/** Whether everything in one scope is in the other. A scope without substances holds none. */
export function scopeWithin(inner: GrantScope, outer: GrantScope): boolean {
  return within(inner.provinces, outer.provinces) && within(inner.substances ?? [], outer.substances ?? []);
}

function within(some: readonly string[] | 'all', of: readonly string[] | 'all'): boolean {
  return of === 'all' || (some !== 'all' && some.every((one) => of.includes(one)));
}

export interface ChainQuestion {
  readonly action: TrustAction;
  readonly type: CredentialType;
  /** All of it must be covered. What is empty asks for nothing. */
  readonly scope: { readonly provinces: readonly string[]; readonly substances: readonly SubstanceId[] };
  /** When it was done. */
  readonly at: Instant;
  /** Nothing recorded later counts. */
  readonly known: Instant;
}

/** What of the registry a chain is judged by. */
export interface ChainView {
  did(did: Did): DidRecord | undefined;
  grant(id: string): GrantRecord | undefined;
}

/**
 * Judges one grant of a DID, with everything above it.
 *
 * @param grant held by whoever asks, and recorded by `question.known`
 */
export function judgeChain(grant: GrantRecord, question: ChainQuestion, view: ChainView): ChainFinding {
  const uncovered = notCovered(grant, question);
  if (uncovered !== undefined) return { chain: [grant.id], denied: uncovered };
  const links = climb(grant, question, view);
  if (links === undefined) return { chain: [grant.id], denied: 'GRANT_CHAIN_BROKEN' };
  const chain = links.map((link) => link.id);
  const denied = links.map((link) => outsideWindow(link, question)).find((code) => code !== undefined);
  return denied === undefined ? { chain, ...withdrawals(links, question, view) } : { chain, denied };
}

function notCovered({ actions, credentialType, scope }: GrantRecord, question: ChainQuestion): ProblemCode | undefined {
  if (!actions.includes(question.action)) return 'GRANT_MISSING';
  if (credentialType !== question.type) return 'GRANT_TYPE_OTHER';
  return scopeWithin(question.scope, scope) ? undefined : 'GRANT_SCOPE_NARROWER';
}

/** The grant and those above it; `undefined` where one is missing, wider, not its giver's, or where they do not end: a cycle is too long. */
function climb(grant: GrantRecord, { known }: ChainQuestion, view: ChainView): readonly GrantRecord[] | undefined {
  const links = [grant];
  let link = grant;
  while (link.parent !== undefined) {
    const parent = view.grant(link.parent);
    if (parent === undefined || parent.grantedAt > known || links.length === LONGEST_CHAIN) return undefined;
    const holder = view.did(parent.grantee);
    if (holder?.organisation !== link.grantor || holder.registeredAt > known || exceeds(link, parent) !== undefined) return undefined;
    links.push(parent);
    link = parent;
  }
  return links;
}

function outsideWindow({ from, until }: GrantRecord, { at }: ChainQuestion): ProblemCode | undefined {
  if (at < from) return 'GRANT_NOT_YET_VALID';
  return at < until ? undefined : 'GRANT_EXPIRED';
}

/** Who loses a grant, or is withdrawn, takes along what was given under it. */
function withdrawals(links: readonly GrantRecord[], { at, known }: ChainQuestion, view: ChainView): Omit<ChainFinding, 'chain'> {
  let later: ProblemCode | undefined;
  for (const link of links) {
    const holder = view.did(link.grantee);
    const ofGrant = withdrawnAt(link, at, known);
    const ofHolder = holder === undefined ? 'then' : withdrawnAt(holder, at, known);
    if (ofGrant === 'then') return { denied: 'GRANT_REVOKED' };
    if (ofHolder === 'then') return { denied: 'DID_WITHDRAWN' };
    if (ofGrant === 'since') later ??= 'GRANT_REVOKED';
    if (ofHolder === 'since') later ??= 'DID_WITHDRAWN';
  }
  return later === undefined ? {} : { later };
}
