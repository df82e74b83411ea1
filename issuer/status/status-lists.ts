/**
 * Status lists: their bits, and the signed versions in which they are published. A version is signed and stored, anchored
 * on the ledger, and only then served; versions only increase, and one that was begun is finished with the same bytes.
 */
import { createHash } from 'node:crypto';
import { LIST_BITS, setStatusBit, statusBit, STATUS_PURPOSES, type StatusPurpose } from '#domain/credential/status-list.js';
import { Problem } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import type { StatusListPublication } from '#domain/trust/requests.js';
import type { DidRows } from '../dids/did-rows.js';
import { activeKey } from '../dids/held-did.js';
import type { InTurn } from '../in-turn.js';
import { isFinal } from '../ledger/gateway-answer.js';
import type { StandingKeys } from '../ledger/standing-keys.js';
import type { TrustLedger } from '../ledger/trust-ledger.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';
import type { IssuerAgent } from '../veramo-agent.js';
import { hashOfText, signListVersion } from './list-credential.js';
import { listName, type ListSet, type ListSets, type Slot } from './list-sets.js';

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

export interface StatusListsParts {
  readonly store: IssuerStore;
  readonly sets: ListSets;
  readonly dids: DidRows;
  readonly agent: IssuerAgent;
  readonly ledger: TrustLedger;
  readonly standing: StandingKeys;
  readonly turns: InTurn;
  readonly now: () => number;
  /** e.g. `http://localhost:8082` */
  readonly origin: string;
  /** milliseconds after which a list is signed anew although nothing changed */
  readonly refreshMs: number;
}

interface OpenList {
  readonly name: string;
  readonly did: Did;
  readonly purpose: StatusPurpose;
  readonly bits: Uint8Array;
  /** The highest version that the ledger is known to have, where it is above what is here. */
  floor: number;
  served?: Published;
  /** Signed and stored, and not known to be on the ledger. */
  draft?: Published;
}

/** A bit that changes, and what is written with it. */
export interface BitChange {
  readonly slot: Slot;
  readonly purpose: StatusPurpose;
  /** false only for a suspension that is lifted */
  readonly value: boolean;
  readonly changes: readonly Change[];
}

const BITS = 'bit/';
const SERVED = 'list-served/';
const DRAFT = 'list-draft/';
/** A list is good for four times as long as it is usually served: a ledger that is away for a while spoils none. */
const GOOD_FOR = 4;

export class StatusLists {
  readonly #parts: StatusListsParts;
  readonly #lists = new Map<string, OpenList>();

  private constructor(parts: StatusListsParts) {
    this.#parts = parts;
  }

  /** @throws Problem ISSUER_DATA_DAMAGED */
  static async open(parts: StatusListsParts): Promise<StatusLists> {
    const lists = new StatusLists(parts);
    for (const set of parts.sets.list()) await lists.#openSet(set);
    return lists;
  }

  async #openSet(set: ListSet): Promise<void> {
    for (const purpose of STATUS_PURPOSES) await this.#openList(set, purpose);
  }

  async #openList({ id, did }: ListSet, purpose: StatusPurpose): Promise<void> {
    const name = listName(id, purpose);
    if (this.#lists.has(name)) return;
    const { store } = this.#parts;
    const bits = new Uint8Array(LIST_BITS / 8);
    for await (const [key] of store.rows(`${BITS}${name}/`)) setStatusBit(bits, Number(key.slice(key.lastIndexOf('/') + 1)), true);
    const [served, draft] = [await store.json(SERVED + name) as Published | undefined, await store.json(DRAFT + name) as Published | undefined];
    this.#lists.set(name, { name, did, purpose, bits, floor: 0, ...(served === undefined ? {} : { served }), ...(draft === undefined ? {} : { draft }) });
  }

  /** The address of a list, as it stands in credentials. */
  urlOf(set: string, purpose: StatusPurpose): string {
    return `${this.#parts.origin}/status/${listName(set, purpose)}`;
  }

  /** What is served of a list. Throws STATUS_LIST_UNKNOWN, also where nothing was published yet. */
  served(name: string): Published {
    const served = this.#lists.get(name)?.served;
    if (served === undefined) throw new Problem('STATUS_LIST_UNKNOWN', { list: name.slice(0, 64) });
    return served;
  }

  /**
   * A set with room whose lists anybody can read: what a credential points at exists before the credential does.
   *
   * @throws Problem as {@link publish}
   */
  async ready(did: Did): Promise<void> {
    const set = await this.#parts.turns.run(`lists of ${did}`, async () => this.#parts.sets.withRoom(did));
    await this.#openSet(set);
    const unpublished = STATUS_PURPOSES.map((purpose) => listName(set.id, purpose)).filter((name) => this.#lists.get(name)?.served === undefined);
    await Promise.all(unpublished.map(async (name) => this.publish(name)));
  }

  /** Whether a bit is set, by what is known here. */
  bit({ set, index }: Slot, purpose: StatusPurpose): boolean {
    return statusBit(this.#list(listName(set, purpose)).bits, index);
  }

  /**
   * Writes a bit together with its changes, in one batch, and publishes its list. Many that change at once share a version.
   *
   * @throws Problem as {@link publish}; the bit is written then, and shows with the next version
   */
  async set({ slot, purpose, value, changes }: BitChange): Promise<void> {
    const list = this.#list(listName(slot.set, purpose));
    await this.#parts.store.write([...changes, bitRow(list, slot.index, value)]);
    setStatusBit(list.bits, slot.index, value);
    await this.publish(list.name);
  }

  /**
   * The same where the ledger must take the new version in one transaction with something else: first that, then the bit.
   *
   * @param submit puts the publication onto the ledger, with what belongs to it
   * @throws whatever `submit` throws; then nothing has changed here
   */
  async setWith({ slot, purpose, value, changes }: BitChange, submit: (publication: StatusListPublication) => Promise<void>): Promise<void> {
    const list = this.#list(listName(slot.set, purpose));
    await this.#parts.turns.run(`list ${list.name}`, async () => {
      await this.#finishDraft(list);
      const isSo = statusBit(list.bits, slot.index) === value; // the version that was begun had it
      if (isSo) return this.#parts.store.write(changes);
      await this.#serve(list, await this.#submitted(list, { index: slot.index, value }, submit), changes);
    });
  }

  /** A version that the ledger did not take in that transaction is never used in another. */
  async #submitted(list: OpenList, bound: NonNullable<Published['bound']>, submit: (publication: StatusListPublication) => Promise<void>): Promise<Published> {
    const draft = await this.#sign(list, bound);
    try {
      await submit(publicationOf(list, draft));
      return draft;
    } catch (error) {
      if (!isFinal(error)) throw error;
      await this.#dropDraft(list);
      if (error.code !== 'STATUS_LIST_VERSION_NOT_NEWER') throw error;
      await this.#catchUp(list, draft.version);
      return this.#submitted(list, bound, submit);
    }
  }

  /** Publishes the list in which a slot has its bit. */
  async publishFor({ set }: Slot, purpose: StatusPurpose): Promise<void> {
    await this.publish(listName(set, purpose));
  }

  /**
   * Publishes a list as it is now, unless it is published so already.
   *
   * @throws Problem DID_WITHOUT_KEY, API_KEY_…, LEDGER_UNREACHABLE, LEDGER_UNDECIDED: then it is tried again later
   */
  async publish(name: string): Promise<void> {
    const list = this.#list(name);
    await this.#parts.turns.run(`list ${name}`, async () => {
      await this.#finishDraft(list);
      if (!this.#isCurrent(list)) await this.#anchor(list, await this.#sign(list));
    });
  }

  /** A version that was begun is finished with the same bytes, or, if it may not stand alone, found on the ledger or dropped. */
  async #finishDraft(list: OpenList): Promise<void> {
    if (list.draft === undefined) return;
    if (list.draft.bound === undefined) return this.#anchor(list, list.draft);
    const known = await this.#parts.ledger.publishedList({ did: list.did, list: list.name });
    await (known?.hash === list.draft.hash ? this.#serve(list, list.draft, []) : this.#dropDraft(list));
  }

  async #sign(list: OpenList, bound?: Published['bound']): Promise<Published> {
    const { dids, agent, store, now, origin, refreshMs } = this.#parts;
    const key = dids.signingKey(list.did);
    const version = Math.max(list.served?.version ?? 0, list.floor) + 1;
    const validFrom = Math.floor(now() / 1000);
    const validUntil = validFrom + Math.ceil(refreshMs / 1000) * GOOD_FOR;
    const bits = list.bits.slice(); // signing waits, and others go on writing
    if (bound !== undefined) setStatusBit(bits, bound.index, bound.value);
    const jwt = await signListVersion({ did: list.did, purpose: list.purpose, url: `${origin}/status/${list.name}`, version, bits, validFrom, validUntil }, key, agent);
    const draft: Published = { version, jwt, hash: hashOfText(jwt), bits: digestOf(bits), keyId: key.keyId, validFrom, validUntil, ...(bound === undefined ? {} : { bound }) };
    await store.write([putJson(DRAFT + list.name, draft)]);
    list.draft = draft;
    return draft;
  }

  async #anchor(list: OpenList, draft: Published): Promise<void> {
    const { ledger, standing } = this.#parts;
    try {
      await ledger.publishStatusList(await standing.keyOf(list.did), publicationOf(list, draft));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'STATUS_LIST_VERSION_NOT_NEWER') throw error;
      await this.#catchUp(list, draft.version);
      return this.#anchor(list, await this.#sign(list));
    }
    await this.#serve(list, draft, []);
  }

  /** The ledger knows a newer version than these data: they are a backup. What is signed next goes above it. */
  async #catchUp(list: OpenList, refused: number): Promise<void> {
    const known = await this.#parts.ledger.publishedList({ did: list.did, list: list.name });
    list.floor = Math.max(refused, known?.version ?? 0);
  }

  async #serve(list: OpenList, { bound, ...draft }: Published, changes: readonly Change[]): Promise<void> {
    const bit = bound === undefined ? [] : [bitRow(list, bound.index, bound.value)];
    await this.#parts.store.write([putJson(SERVED + list.name, draft), { key: DRAFT + list.name }, ...bit, ...changes]);
    if (bound !== undefined) setStatusBit(list.bits, bound.index, bound.value);
    list.served = draft;
    delete list.draft;
  }

  async #dropDraft(list: OpenList): Promise<void> {
    await this.#parts.store.write([{ key: DRAFT + list.name }]);
    delete list.draft;
  }

  /** Lists of which what is served is not what is known here, was signed by an earlier key, or is about to run out. */
  due(): readonly string[] {
    return [...this.#lists.values()].filter((list) => list.draft !== undefined || !this.#isCurrent(list)).map(({ name }) => name);
  }

  /** Publishes what is due of one issuer. */
  async renew(did: Did): Promise<void> {
    const due = this.due().filter((name) => this.#list(name).did === did);
    await Promise.all(due.map(async (name) => this.publish(name)));
  }

  #isCurrent({ did, bits, served }: OpenList): boolean {
    const { dids, now, refreshMs } = this.#parts;
    const held = dids.find(did);
    const key = held === undefined ? undefined : activeKey(held);
    return served !== undefined && served.keyId === (key?.keyId ?? served.keyId) && now() < served.validFrom * 1000 + refreshMs && served.bits === digestOf(bits);
  }

  #list(name: string): OpenList {
    const list = this.#lists.get(name);
    if (list === undefined) throw new Problem('STATUS_LIST_UNKNOWN', { list: name.slice(0, 64) });
    return list;
  }
}

function publicationOf({ did, name, purpose }: OpenList, { version, hash }: Published): StatusListPublication {
  return { did, list: name, purpose, version, hash };
}

function bitRow({ name }: OpenList, index: number, value: boolean): Change {
  const key = `${BITS}${name}/${String(index).padStart(6, '0')}`;
  return value ? putJson(key, true) : { key };
}

function digestOf(bits: Uint8Array): string {
  return createHash('sha256').update(bits).digest('base64');
}
