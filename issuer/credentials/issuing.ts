/** One credential, from the request to the plan. What follows the plan is `settling.ts`. */
import { trustScopeOf, type CredentialClaims } from '#domain/credential/claims.js';
import { Problem, require } from '#domain/errors.js';
import { epochMs, instantOf } from '#domain/instant.js';
import { authorise, type TrustAnswer, type TrustQuestion } from '#domain/trust/authorise.js';
import { requireScopeFor, type Caller } from '../callers.js';
import type { DidRows } from '../dids/did-rows.js';
import type { HeldDid } from '../dids/held-did.js';
import type { InTurn } from '../in-turn.js';
import type { IssueClock } from '../issue-clock.js';
import { isFinal } from '../ledger/gateway-answer.js';
import type { StandingKeys } from '../ledger/standing-keys.js';
import type { TrustCopy, TrustKnowledge } from '../ledger/trust-copy.js';
import type { TrustLedger } from '../ledger/trust-ledger.js';
import type { Chance } from '../random-names.js';
import type { ListSets, Slot } from '../status/list-sets.js';
import type { StatusLists } from '../status/status-lists.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';
import { putRecord, uniqueRow, type CredentialRecord } from './credential-record.js';
import type { CredentialRows } from './credential-rows.js';
import type { DiplomaNumbers } from './diploma-numbers.js';
import { identityIn, type EnterpriseNumbers } from './enterprise-numbers.js';
import { orderText, uniqueParts, type IssueOrder } from './issue-order.js';
import { checkNamedEnterprise } from './named-enterprise.js';
import { planCredential, planRows, type Plan } from './plan.js';
import type { Settling, Step } from './settling.js';
import { uncovered } from './uncovered.js';

export interface IssuingParts {
  readonly store: IssuerStore;
  readonly rows: CredentialRows;
  readonly numbers: DiplomaNumbers;
  readonly enterprises: EnterpriseNumbers;
  readonly dids: DidRows;
  readonly sets: ListSets;
  readonly lists: StatusLists;
  readonly trust: TrustCopy;
  readonly ledger: TrustLedger;
  readonly clock: IssueClock;
  readonly standing: StandingKeys;
  readonly settling: Settling;
  readonly turns: InTurn;
  readonly chance: Chance;
  readonly atStep: (step: Step) => void;
}

/** A credential that was asked for; `waiting` says why it is not issued yet, where it will be without being asked for again. */
export interface Issued {
  readonly id: string;
  readonly record?: CredentialRecord;
  readonly waiting?: Problem;
}

interface Planning {
  readonly order: IssueOrder;
  readonly held: HeldDid;
  /** API key of whoever issues. */
  readonly bearer: string;
  readonly unique: string;
  readonly content: string;
}

export class Issuing {
  readonly #parts: IssuingParts;

  constructor(parts: IssuingParts) {
    this.#parts = parts;
  }

  /**
   * Issues a credential, or answers the one that was issued for the same (`trust.md` I2).
   *
   * @throws Problem DID_NOT_HERE, DID_NOT_HELD, SCOPE_MISSING for a licence, DID_NOT_YET_REGISTERED, DID_WITHOUT_KEY, CLOCK_…, GRANT_… and the other codes
   *   of `authorise`, GRANT_SCOPE_NARROWER with the field that is outside, CREDENTIAL_ISSUED_DIFFERENTLY, DIPLOMA_NUMBER_… and
   *   ENTERPRISE_NUMBER_ISSUED with the number's field, those of {@link checkNamedEnterprise} and {@link planCredential}, and
   *   what the ledger refuses
   */
  async issue(caller: Caller, order: IssueOrder): Promise<Issued> {
    const { dids, standing, store, turns } = this.#parts;
    const held = dids.known(order.did);
    require(held.organisation === caller.organisation, 'DID_NOT_HELD', { did: order.did, organisation: caller.organisation });
    requireScopeFor(caller, order.type);
    await standing.remember(order.did, caller);
    const unique = store.hiddenName(['unique', ...uniqueParts(order)]);
    const planning = { order, held, bearer: caller.bearer, unique, content: store.hiddenName(['content', orderText(order)]) };
    const id = await turns.run(`unique ${unique}`, async () => await this.#earlier(planning) ?? await this.#begin(planning));
    return this.#settle(id);
  }

  async #settle(id: string): Promise<Issued> {
    try {
      return { id, record: await this.#parts.settling.settle(id) };
    } catch (error) {
      if (error instanceof Problem && error.kind !== 'unauthorised' && !isFinal(error)) return { id, waiting: error };
      throw error;
    }
  }

  /** The credential that stands for the same, if it still does. */
  async #earlier({ unique, content }: Planning): Promise<string | undefined> {
    const known = await this.#parts.rows.unique(unique);
    const record = known === undefined ? undefined : await this.#parts.rows.find(known.id);
    if (known === undefined || record === undefined || !this.#stands(record)) return undefined;
    require(known.content === content, 'CREDENTIAL_ISSUED_DIFFERENTLY', { credential: known.id });
    return known.id;
  }

  #stands({ state, wanted, claims }: CredentialRecord): boolean {
    const now = this.#parts.clock.now() / 1000;
    return state !== 'refused' && wanted.revocation !== true && (claims.expires ?? Infinity) > now;
  }

  async #begin(planning: Planning): Promise<string> {
    const { supersedes } = planning.order;
    if (supersedes === undefined) return this.#write(planning, undefined);
    return this.#parts.settling.inTurn(supersedes, async () => this.#write(planning, await this.#superseded(planning.order, supersedes)));
  }

  /** @throws Problem CREDENTIAL_UNKNOWN, CREDENTIAL_NOT_ISSUED, CREDENTIAL_REPLACES_OTHER, CREDENTIAL_REVOKED_ALREADY, CREDENTIAL_SUPERSEDED_ALREADY */
  async #superseded({ did, type }: IssueOrder, id: string): Promise<CredentialRecord> {
    const record = await this.#parts.rows.known(id);
    const { claims, state, wanted, superseded } = record;
    require(claims.issuer === did && claims.type === type, 'CREDENTIAL_REPLACES_OTHER', { credential: id });
    require(state === 'issued', 'CREDENTIAL_NOT_ISSUED', { credential: id });
    require(wanted.revocation !== true, 'CREDENTIAL_REVOKED_ALREADY', { credential: id });
    require(superseded === undefined, 'CREDENTIAL_SUPERSEDED_ALREADY', { credential: id, by: superseded?.id ?? '' });
    return record;
  }

  /** What a number stands for is settled by the same write: both of a diploma are its own, an enterprise's one organisation's. */
  async #write(planning: Planning, earlier: CredentialRecord | undefined): Promise<string> {
    const { numbers, enterprises } = this.#parts;
    const { held, order: { personal, subjectClaims } } = planning;
    const identity = identityIn(subjectClaims);
    if (identity !== undefined) return enterprises.alone(held.organisation, identity, earlier?.id, async (taking) => this.#plan(planning, earlier, taking));
    if (personal === undefined) return this.#plan(planning, earlier, () => []);
    const rows = numbers.rowsOf(held.organisation, personal);
    return numbers.alone(Object.values<string>(rows), async () => {
      const [taken] = await numbers.taken(rows, earlier === undefined ? undefined : await this.#parts.rows.withSecrets(earlier));
      if (taken !== undefined) throw new Problem(taken.code, { field: `credential.credentialSubject.${taken.field}` });
      return this.#plan(planning, earlier, (id) => numbers.taking(rows, id));
    });
  }

  /** @param more what belongs to the credential of this id */
  async #plan(planning: Planning, earlier: CredentialRecord | undefined, more: (id: string) => readonly Change[]): Promise<string> {
    const { clock, dids, lists, store, atStep } = this.#parts;
    const { order, bearer, unique, content } = planning;
    const now = await clock.read();
    const key = dids.signingKey(order.did);
    await this.#authorise(order, key.keyId, now);
    await checkNamedEnterprise(order.subjectClaims, order.subject ?? earlier?.claims.subject, bearer, this.#parts);
    await lists.ready(order.did);
    const slot = await this.#draw(order);
    const { plan, changes } = this.#drawnUp(planning, { keyId: key.keyId, slot, now, earlier });
    await store.write([...changes, putJson(uniqueRow(unique), { id: plan.record.id, content }), ...more(plan.record.id), clock.noting(now)]);
    atStep('planned');
    return plan.record.id;
  }

  /** Another may have taken the last place between the question and the draw. */
  async #draw({ did }: IssueOrder): Promise<Slot> {
    const { sets, lists } = this.#parts;
    for (;;) {
      const slot = sets.draw(did);
      if (slot !== undefined) return slot;
      await lists.ready(did);
    }
  }

  #drawnUp({ order, held, unique }: Planning, { keyId, slot, now, earlier }: { keyId: string; slot: Slot; now: number; earlier: CredentialRecord | undefined }): { plan: Plan; changes: Change[] } {
    const { sets, lists, chance } = this.#parts;
    try {
      const plan = planCredential({
        order, held, keyId, slot, now, unique, chance, urlOf: (set, purpose) => lists.urlOf(set, purpose), ...(earlier === undefined ? {} : { subject: earlier.claims.subject }),
      });
      const { id, publicId } = plan.record;
      const link = earlier === undefined ? [] : [putRecord({ ...earlier, superseded: { id, publicId } })];
      return { plan, changes: [...planRows(plan), sets.claiming(slot, id), ...link] };
    } catch (error) {
      sets.release(slot);
      throw error;
    }
  }

  /** What the verifier would refuse is not issued; the registry on the ledger decides, this copy says it early. */
  async #authorise(order: IssueOrder, keyId: string, now: number): Promise<void> {
    const { trust } = this.#parts;
    if (answerOf(order, keyId, now, await trust.current()).answer === 'AUTHORISED') return;
    trust.expire(); // a right may have been given since
    const knowledge = await trust.current();
    const answer = answerOf(order, keyId, now, knowledge);
    if (answer.answer === 'AUTHORISED') return;
    const { field, ...part } = uncovered(order.subjectClaims, answer, (scope) => answerOf(order, keyId, now, knowledge, scope));
    const place = field === undefined ? {} : { field: `credential.credentialSubject.${field}` };
    throw new Problem(answer.code ?? 'GRANT_MISSING', { ...place, did: order.did, type: order.type, ...part });
  }
}

/** @param scope all of what the credential says, if it is left out */
function answerOf(order: IssueOrder, keyId: string, now: number, trust: TrustKnowledge, scope = scopeOf(order)): TrustAnswer {
  const { did, type } = order;
  const at = instantOf(Math.floor(now / 1000) * 1000);
  const known = instantOf(Math.max(now, epochMs(trust.knownAt)));
  return authorise({ did, keyId, action: 'issue', type, scope, at, known }, trust);
}

/** Only type and subject are looked at; the rest of the claims is not drawn yet. */
function scopeOf({ type, subjectClaims }: IssueOrder): TrustQuestion['scope'] {
  return trustScopeOf({ type, subjectClaims } as CredentialClaims);
}
