/**
 * What was begun is brought to its end, step by step, each step on the disk before the next: signed and stored, committed to
 * on the ledger, handed out; then the earlier credential marked as superseded, and status lists published. A program that
 * dies takes up where it was, and nobody ever sees a second credential for one plan.
 */
import { licenceRequestOf } from '#domain/credential/chemical-licence.js';
import { isOfType, trustScopeOf, type CredentialClaims } from '#domain/credential/claims.js';
import { commitmentTree } from '#domain/credential/commitment-tree.js';
import { STATUS_PURPOSES, type StatusPurpose } from '#domain/credential/status-list.js';
import { daysOfValidity } from '#domain/credential/validity.js';
import { Problem } from '#domain/errors.js';
import type { LicenceRevocation } from '#domain/chemistry/licence.js';
import { dayInVietNam, instantOf, type Day } from '#domain/instant.js';
import type { DidRows } from '../dids/did-rows.js';
import type { InTurn } from '../in-turn.js';
import { isFinal } from '../ledger/gateway-answer.js';
import type { StandingKeys } from '../ledger/standing-keys.js';
import type { TrustLedger } from '../ledger/trust-ledger.js';
import type { StatusLists } from '../status/status-lists.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';
import type { IssuerAgent } from '../veramo-agent.js';
import { PENDING, putRecord, refusalOf, secretsRow, uniqueGone, type CredentialRecord } from './credential-record.js';
import type { CredentialRows } from './credential-rows.js';
import type { DiplomaNumbers } from './diploma-numbers.js';
import { licenceChangeOf, withoutChange } from './licence-change.js';
import { withReplacement } from './licence-wish.js';
import { leafOf, licenceIdOf, sha256, signClaims } from './signing.js';

/** Told when a step is done, before the next: where a test kills the program. */
export type Step = 'planned' | 'signed' | 'committed' | 'issued' | 'superseded' | 'published';

export interface SettlingParts {
  readonly store: IssuerStore;
  readonly rows: CredentialRows;
  readonly numbers: DiplomaNumbers;
  readonly dids: DidRows;
  readonly agent: IssuerAgent;
  readonly ledger: TrustLedger;
  readonly standing: StandingKeys;
  readonly lists: StatusLists;
  readonly turns: InTurn;
  /** milliseconds since 1970 */
  readonly now: () => number;
  readonly atStep: (step: Step) => void;
}

export class Settling {
  readonly #parts: SettlingParts;

  constructor(parts: SettlingParts) {
    this.#parts = parts;
  }

  /**
   * Brings a credential to its end, one caller at a time.
   *
   * @throws Problem what the ledger refused; LEDGER_UNREACHABLE, LEDGER_UNDECIDED, API_KEY_…: then it goes on later
   */
  async settle(id: string): Promise<CredentialRecord> {
    return this.inTurn(id, async () => {
      const record = await this.#parts.rows.known(id);
      return record.state === 'issued' && !await this.#parts.rows.isPending(id) ? record : this.advance(record);
    });
  }

  /** Works on one credential, alone. A credential that supersedes another is taken before it, never after. */
  async inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#parts.turns.run(`credential ${id}`, work);
  }

  /** As {@link settle}, for a caller that has its turn. */
  async advance(record: CredentialRecord): Promise<CredentialRecord> {
    let now = record;
    if (now.state === 'planned') now = await this.#sign(now);
    if (now.state === 'signed') now = await this.#commit(now);
    if (now.refusal !== undefined) throw new Problem(now.refusal.code, now.refusal.fields);
    const isDone = await this.#supersede(now);
    now = await this.#publishStatus(now);
    // What is to happen on a later day is looked at again until that day has come.
    if (isDone && !this.#isAhead(now.revokedFrom)) await this.#parts.store.write([{ key: PENDING + now.id }]);
    return now;
  }

  /** Whether a licence's day is still to come: until then the ledger gives its rights, and nobody is told otherwise. */
  #isAhead(day: Day | undefined): boolean {
    return day !== undefined && day > dayInVietNam(instantOf(this.#parts.now()));
  }

  async #sign(record: CredentialRecord): Promise<CredentialRecord> {
    const { dids, agent, rows } = this.#parts;
    const key = dids.known(record.claims.issuer).keys.find((one) => one.keyId === record.keyId);
    if (key === undefined || key.state === 'compromised') return this.#refuse(record, new Problem('DID_KEY_COMPROMISED', { keyId: record.keyId }));
    const { salt } = await rows.secrets(record.id);
    const jwt = await signClaims(record.claims, key, agent);
    const tree = await commitmentTree([await leafOf(jwt, salt)], sha256);
    return this.#save({ ...record, state: 'signed', jwt, place: tree.placeOf(0) }, 'signed');
  }

  async #commit(record: CredentialRecord): Promise<CredentialRecord> {
    try {
      await this.#putOnLedger(record);
    } catch (error) {
      if (isFinal(error)) return this.#refuse(record, error);
      throw error;
    }
    this.#parts.atStep('committed');
    return this.#save({ ...record, state: 'issued' }, 'issued');
  }

  async #putOnLedger(record: CredentialRecord): Promise<void> {
    const { ledger, standing } = this.#parts;
    const { claims, place } = record;
    const bearer = await standing.keyOf(claims.issuer);
    const root = place?.root ?? '';
    if (!isOfType(claims, 'ChemicalLicenceCredential')) return ledger.commit(bearer, { did: claims.issuer, root, count: 1 });
    return this.#recordLicence(bearer, { ...record, claims }, root);
  }

  async #recordLicence(bearer: string, { id, claims, supersedes }: CredentialRecord & { readonly claims: CredentialClaims<'ChemicalLicenceCredential'> }, root: string): Promise<void> {
    const days = daysOfValidity({ notBefore: claims.notBefore, expires: claims.expires ?? claims.notBefore });
    const credential = { did: claims.issuer, root, count: 1, provinces: trustScopeOf(claims).provinces };
    const licence = { ...licenceRequestOf(claims.subjectClaims, licenceIdOf(id), days), credential };
    const replaces = supersedes === undefined ? undefined : await this.#licenceReplaced(supersedes, days.validFrom);
    try {
      await this.#parts.ledger.recordLicence(bearer, { ...licence, ...(replaces === undefined ? {} : { replaces }) });
    } catch (error) {
      const isGone = replaces !== undefined && error instanceof Problem && error.code === 'LICENCE_ALREADY_REVOKED';
      if (!isGone) throw error;
      await this.#parts.ledger.recordLicence(bearer, licence);
    }
  }

  /** An earlier licence that has lost its force by then is not taken from again. */
  async #licenceReplaced(id: string, from: Day): Promise<LicenceRevocation | undefined> {
    const { licenceEnd } = await this.#parts.rows.known(id);
    return licenceEnd?.done === true && licenceEnd.from <= from ? undefined : { id: licenceIdOf(id), from, reason: 'Được thay thế bằng giấy phép mới · superseded' };
  }

  /** Nobody has seen it, and nobody will: the next request for the same makes a new one. */
  async #refuse(record: CredentialRecord, problem: Problem): Promise<CredentialRecord> {
    const { rows, turns } = this.#parts;
    const { supersedes, unique = record.id } = record;
    const refused: CredentialRecord = { ...record, state: 'refused', refusal: refusalOf(problem) };
    await turns.run(`unique ${unique}`, async () => (supersedes === undefined ? this.#forget(refused) : this.inTurn(supersedes, async () => this.#forget(refused, await rows.known(supersedes)))));
    return refused;
  }

  /** @param earlier what it was to supersede: free again, with the numbers that were its own */
  async #forget(refused: CredentialRecord, earlier?: CredentialRecord): Promise<void> {
    const { rows, numbers, store } = this.#parts;
    const diploma = { record: refused, secrets: await rows.secrets(refused.id) };
    const heir = earlier === undefined || earlier.wanted.revocation === true ? undefined : await rows.withSecrets(earlier);
    await numbers.alone(Object.values<string>(numbers.rowsOfDiploma(diploma) ?? {}), async () => store.erase([
      ...unlinked(earlier, refused), ...await numbers.givingBack(diploma, heir),
      putRecord(refused), { key: secretsRow(refused.id) }, ...uniqueGone(refused), { key: PENDING + refused.id },
    ]));
  }

  /**
   * The earlier credential learns that it has a successor, and so does everybody who asks for its status; of a licence, once
   * the new one gives its rights.
   *
   * @returns whether that is done
   */
  async #supersede({ supersedes, claims }: CredentialRecord): Promise<boolean> {
    if (supersedes === undefined) return true;
    return this.inTurn(supersedes, async () => {
      const earlier = await this.#parts.rows.known(supersedes);
      const from = isOfType(claims, 'ChemicalLicenceCredential') ? dayInVietNam(instantOf(claims.notBefore * 1000)) : undefined;
      const ended = from === undefined ? earlier : withReplacement(earlier, from);
      const isAhead = this.#isAhead(from);
      const isMarked = earlier.wanted.refresh === true || (isAhead && ended === earlier);
      if (!isMarked) await this.#markSuperseded(ended, isAhead);
      await this.advance(await this.#parts.rows.known(supersedes));
      return !isAhead;
    });
  }

  async #markSuperseded(earlier: CredentialRecord, isAhead: boolean): Promise<void> {
    if (isAhead) return this.#parts.store.write([putRecord(earlier)]);
    await this.#parts.store.write([putRecord({ ...earlier, wanted: { ...earlier.wanted, refresh: true } }), putJson(PENDING + earlier.id, true)]);
    this.#parts.atStep('superseded');
  }

  async #publishStatus(record: CredentialRecord): Promise<CredentialRecord> {
    let now = record;
    for (const purpose of STATUS_PURPOSES) {
      const value = now.wanted[purpose];
      if (value !== undefined) now = await this.#publishOne(now, purpose, value);
    }
    return now;
  }

  async #publishOne(record: CredentialRecord, purpose: StatusPurpose, value: boolean): Promise<CredentialRecord> {
    const { lists } = this.#parts;
    const { slot } = record;
    const now = await this.#changeLicence(record, purpose);
    if (purpose === 'revocation' && this.#isAhead(now.revokedFrom)) return now;
    if (lists.bit(slot, purpose) === value) await lists.publishFor(slot, purpose);
    else await lists.set({ slot, purpose, value, changes: [] });
    this.#parts.atStep('published');
    return now;
  }

  /**
   * First the licence loses its force on the ledger, for good or for a time, in the transaction that says so in the list; then
   * others see it. An end on a later day is only announced there.
   */
  async #changeLicence(record: CredentialRecord, purpose: StatusPurpose): Promise<CredentialRecord> {
    const change = licenceChangeOf(record, purpose);
    if (change === undefined) return record;
    const { lists, ledger, standing, store } = this.#parts;
    const bearer = await standing.keyOf(record.claims.issuer);
    try {
      if (purpose === 'revocation' && this.#isAhead(record.revokedFrom)) {
        await change.submit(ledger, bearer);
        await store.write([putRecord(change.done)]);
        return change.done;
      }
      await lists.setWith({ slot: record.slot, purpose, value: change.value, changes: [putRecord(change.done)] }, async (publication) => change.submit(ledger, bearer, publication));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== change.isDone) throw await this.#withdrawn(record, purpose, error);
      await store.write([putRecord(change.done)]);
    }
    return change.done;
  }

  /** What the ledger refuses for good is not asked for again: the status is as it was, and what else was begun goes on. */
  async #withdrawn(record: CredentialRecord, purpose: StatusPurpose, error: unknown): Promise<unknown> {
    if (!isFinal(error)) return error;
    const { wanted: { [purpose]: _wanted, ...others }, log, ...rest } = withoutChange(record, purpose);
    const isWanted = this.#parts.lists.bit(record.slot, purpose) || (purpose === 'revocation' && rest.revokedFrom !== undefined);
    const wanted = isWanted ? { ...others, [purpose]: true } : others;
    const refused = log.findLastIndex((entry) => entry.purpose === purpose);
    const asItWas: CredentialRecord = { ...rest, wanted, log: log.filter((_, at) => at !== refused) };
    await this.#parts.store.write([putRecord(asItWas), ...(this.#hasMore(asItWas) ? [] : [{ key: PENDING + record.id }])]);
    return error;
  }

  /** Whether something is left to be done: now, or on a day to come. */
  #hasMore({ slot, wanted, revokedFrom, supersedes, licenceEnd, licenceSuspension }: CredentialRecord): boolean {
    if (supersedes !== undefined || this.#isAhead(revokedFrom) || licenceEnd?.done === false || licenceSuspension?.done === false) return true;
    return STATUS_PURPOSES.some((purpose) => wanted[purpose] !== undefined && wanted[purpose] !== this.#parts.lists.bit(slot, purpose));
  }

  async #save(record: CredentialRecord, step: Step): Promise<CredentialRecord> {
    await this.#parts.store.write([putRecord(record)]);
    this.#parts.atStep(step);
    return record;
  }
}

function unlinked(earlier: CredentialRecord | undefined, later: CredentialRecord): Change[] {
  if (earlier?.superseded?.id !== later.id) return [];
  const { superseded: _superseded, ...record } = earlier;
  return [putRecord(record)];
}
