/**
 * One status list: its bits, and the signed versions in which it is published. A version is signed and stored, anchored on the
 * ledger, and only then served; versions only increase, and one that was begun is finished with the same bytes.
 */
import { createHash } from 'node:crypto';
import { LIST_BITS, setStatusBit, statusBit, type StatusPurpose } from '#domain/credential/status-list.js';
import { Problem } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import type { StatusListPublication } from '#domain/trust/requests.js';
import type { DidRows } from '../dids/did-rows.js';
import { activeKey } from '../dids/held-did.js';
import type { InTurn } from '../in-turn.js';
import { isFinal } from '../ledger/gateway-answer.js';
import type { StandingKeys } from '../ledger/standing-keys.js';
import { MOST_APART_MS, type TrustCopy } from '../ledger/trust-copy.js';
import type { TrustLedger } from '../ledger/trust-ledger.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';
import type { IssuerAgent } from '../veramo-agent.js';
import { hashOfText, signListVersion } from './list-credential.js';

/** A version of a list, as stored. */
export interface Published {
  readonly version: number;
  readonly jwt: string;
  /** SHA-256 of `jwt`, hexadecimal. */
  readonly hash: string;
  /** SHA-256 of the bits in it, base64. */
  readonly bits: string;
  /** Set where it may go onto the ledger only in one transaction with something else: the bit that changes with it. */
  readonly bound?: { readonly index: number; readonly value: boolean };
  /** Which key signed it. */
  readonly keyId: string;
  /** Seconds since 1970. */
  readonly validFrom: number;
  readonly validUntil: number;
}

export interface StatusListParts {
  readonly store: IssuerStore;
  readonly dids: DidRows;
  readonly agent: IssuerAgent;
  readonly ledger: TrustLedger;
  readonly standing: StandingKeys;
  readonly turns: InTurn;
  /** Whether this host's clock can be relied on: a list that is dated wrong is refused by every verifier. */
  readonly clock: Pick<TrustCopy, 'requireSameClock'>;
  readonly now: () => number;
  /** e.g. `http://localhost:8082` */
  readonly origin: string;
  /** milliseconds after which a list is signed anew although nothing changed */
  readonly refreshMs: number;
}

export interface ListIdentity {
  /** Last segment of its URL, e.g. `7QK2M9ZD4XWA-revocation`. */
  readonly name: string;
  readonly did: Did;
  readonly purpose: StatusPurpose;
}

/** Puts a version onto the ledger, with what belongs to it. */
export type Submit = (publication: StatusListPublication) => Promise<void>;

const BITS = 'bit/';
const SERVED = 'list-served/';
const DRAFT = 'list-draft/';
/** A list is good for four times as long as it is usually served: a ledger that is away for a while spoils none. */
const GOOD_FOR = 4;

export class StatusList {
  readonly identity: ListIdentity;
  readonly #parts: StatusListParts;
  readonly #bits = new Uint8Array(LIST_BITS / 8);
  /** SHA-256 of the bits, until they change. */
  #digest: string | undefined;
  /** The highest version that the ledger is known to have, where it is above what is here. */
  #floor = 0;
  #served: Published | undefined;
  /** Signed and stored, and not known to be on the ledger. */
  #draft: Published | undefined;

  private constructor(identity: ListIdentity, parts: StatusListParts) {
    this.identity = identity;
    this.#parts = parts;
  }

  /** @throws Problem ISSUER_DATA_DAMAGED */
  static async open(identity: ListIdentity, parts: StatusListParts): Promise<StatusList> {
    const list = new StatusList(identity, parts);
    for await (const [key] of parts.store.rows(`${BITS}${identity.name}/`)) setStatusBit(list.#bits, Number(key.slice(key.lastIndexOf('/') + 1)), true);
    list.#served = await parts.store.json(SERVED + identity.name) as Published | undefined;
    list.#draft = await parts.store.json(DRAFT + identity.name) as Published | undefined;
    return list;
  }

  /** What is served, once there is something. */
  get served(): Published | undefined {
    return this.#served;
  }

  /** Whether a bit is set, by what is known here. */
  bit(index: number): boolean {
    return statusBit(this.#bits, index);
  }

  /** What is served is not what is known here, was signed by an earlier key, or is about to run out. */
  get isDue(): boolean {
    return this.#draft !== undefined || !this.#isCurrent();
  }

  /**
   * Writes a bit together with `changes`, in one batch, and publishes the list. Many that change at once share a version.
   *
   * @throws Problem as {@link publish}; the bit is written then, and shows with the next version
   */
  async set(index: number, value: boolean, changes: readonly Change[]): Promise<void> {
    await this.#parts.store.write([...changes, this.#bitRow(index, value)]);
    this.#change(index, value);
    await this.publish();
  }

  /**
   * The same where the ledger must take the new version in one transaction with something else: first that, then the bit.
   *
   * @throws whatever `submit` throws; then nothing has changed here
   */
  async setWith(index: number, value: boolean, changes: readonly Change[], submit: Submit): Promise<void> {
    await this.#inTurn(async () => {
      await this.#finishDraft();
      const isSo = this.bit(index) === value; // the version that was begun had it
      if (isSo) return this.#parts.store.write(changes);
      await this.#serve(await this.#submitted({ index, value }, submit), changes);
    });
  }

  /** A version that the ledger did not take in that transaction is never used in another. */
  async #submitted(bound: NonNullable<Published['bound']>, submit: Submit): Promise<Published> {
    const draft = await this.#sign(bound);
    try {
      await submit(this.#publicationOf(draft));
      return draft;
    } catch (error) {
      if (!isFinal(error)) throw error;
      await this.#dropDraft();
      if (error.code !== 'STATUS_LIST_VERSION_NOT_NEWER') throw error;
      await this.#catchUp(draft.version);
      return this.#submitted(bound, submit);
    }
  }

  /**
   * Publishes the list as it is now, unless it is published so already.
   *
   * @throws Problem DID_WITHOUT_KEY, API_KEY_…, CLOCK_DIFFERS_FROM_LEDGER, LEDGER_…: then it is tried again later
   */
  async publish(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#finishDraft();
      if (!this.#isCurrent()) await this.#anchor(await this.#sign());
    });
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    await this.#parts.turns.run(`list ${this.identity.name}`, work);
  }

  /** A version that was begun is finished with the same bytes, or, if it may not stand alone, found on the ledger or dropped. */
  async #finishDraft(): Promise<void> {
    const draft = this.#draft;
    if (draft === undefined) return;
    if (draft.bound === undefined) return this.#anchor(draft);
    const known = await this.#onLedger();
    await (known?.hash === draft.hash ? this.#serve(draft, []) : this.#dropDraft());
  }

  async #sign(bound?: Published['bound']): Promise<Published> {
    const { dids, agent, store, clock, now, origin, refreshMs } = this.#parts;
    const { did, name, purpose } = this.identity;
    await clock.requireSameClock();
    const key = dids.signingKey(did);
    const version = Math.max(this.#served?.version ?? 0, this.#floor) + 1;
    const validFrom = Math.floor(now() / 1000);
    const validUntil = validFrom + Math.ceil(refreshMs / 1000) * GOOD_FOR;
    const bits = this.#bits.slice(); // signing waits, and others go on writing
    if (bound !== undefined) setStatusBit(bits, bound.index, bound.value);
    const jwt = await signListVersion({ did, purpose, url: `${origin}/status/${name}`, version, bits, validFrom, validUntil }, key, agent);
    const draft: Published = { version, jwt, hash: hashOfText(jwt), bits: digestOf(bits), keyId: key.keyId, validFrom, validUntil, ...(bound === undefined ? {} : { bound }) };
    await store.write([putJson(DRAFT + name, draft)]);
    this.#draft = draft;
    return draft;
  }

  async #anchor(draft: Published): Promise<void> {
    const { ledger, standing } = this.#parts;
    try {
      await ledger.publishStatusList(await standing.keyOf(this.identity.did), this.#publicationOf(draft));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'STATUS_LIST_VERSION_NOT_NEWER') throw error;
      await this.#catchUp(draft.version);
      return this.#anchor(await this.#sign());
    }
    await this.#serve(draft, []);
  }

  /** The ledger knows a newer version than these data: they are a backup. What is signed next goes above it. */
  async #catchUp(refused: number): Promise<void> {
    this.#floor = Math.max(refused, (await this.#onLedger())?.version ?? 0);
  }

  #onLedger(): ReturnType<TrustLedger['publishedList']> {
    return this.#parts.ledger.publishedList({ did: this.identity.did, list: this.identity.name });
  }

  async #serve({ bound, ...draft }: Published, changes: readonly Change[]): Promise<void> {
    const { name } = this.identity;
    const bit = bound === undefined ? [] : [this.#bitRow(bound.index, bound.value)];
    await this.#parts.store.write([putJson(SERVED + name, draft), { key: DRAFT + name }, ...bit, ...changes]);
    if (bound !== undefined) this.#change(bound.index, bound.value);
    this.#served = draft;
    this.#draft = undefined;
  }

  async #dropDraft(): Promise<void> {
    await this.#parts.store.write([{ key: DRAFT + this.identity.name }]);
    this.#draft = undefined;
  }

  #isCurrent(): boolean {
    const served = this.#served;
    return served !== undefined && served.bits === this.#digestNow() && this.#isYoung(served);
  }

  /**
   * Without a key in force nothing can be signed anew: then what says the right thing is as young as it can be. What is dated
   * ahead was signed by a clock that has been corrected since.
   */
  #isYoung({ keyId, validFrom }: Published): boolean {
    const { dids, now, refreshMs } = this.#parts;
    const held = dids.find(this.identity.did);
    const key = held === undefined ? undefined : activeKey(held);
    const age = now() - validFrom * 1000;
    return key === undefined || (key.keyId === keyId && age < refreshMs && age >= -MOST_APART_MS);
  }

  #publicationOf({ version, hash }: Published): StatusListPublication {
    const { did, name, purpose } = this.identity;
    return { did, list: name, purpose, version, hash };
  }

  #bitRow(index: number, value: boolean): Change {
    const key = `${BITS}${this.identity.name}/${String(index).padStart(6, '0')}`;
    return value ? putJson(key, true) : { key };
  }

  #change(index: number, value: boolean): void {
    setStatusBit(this.#bits, index, value);
    this.#digest = undefined;
  }

  #digestNow(): string {
    this.#digest ??= digestOf(this.#bits);
    return this.#digest;
  }
}

function digestOf(bits: Uint8Array): string {
  return createHash('sha256').update(bits).digest('base64');
}
