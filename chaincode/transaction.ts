/** One transaction: who calls, when, on what state, and what happened in it. */
import type { Context } from 'fabric-contract-api';
import { authorise, parseCaller, type Caller } from '#domain/access.js';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { eventKey, type EventRecord } from '#domain/epcis/event-record.js';
import { require } from '#domain/errors.js';
import { dayInVietNam, epochMs, instantOf, type Instant } from '#domain/instant.js';
import { organisationKey } from '#domain/registry/keys.js';
import type { OrganisationRecord } from '#domain/registry/organisation.js';
import type { ProvinceCode } from '#domain/registry/provinces.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { CHAINCODE_EVENT, TRANSACTIONS, isTransactionName, type TransactionName } from '#domain/transactions.js';
import { LedgerState } from './ledger-state.js';

/** Longest argument: below what Fabric's messages carry, twice (as argument and as writes). */
const LONGEST_REQUEST = 2_000_000;

/** Clocks differ: so far ahead of the transaction a happening may claim to be. */
export const SKEW_MS = 300_000;

/** The part of a request that says when and where. */
export interface Occasion {
  readonly happenedAt?: Instant;
  readonly province?: ProvinceCode;
}

export type NewEvent = Omit<EventRecord, 'kind' | 'by' | 'recordedAt' | 'happenedAt' | 'province'>;

export class Transaction {
  readonly caller: Caller;
  /** The transaction's own instant: never a clock, so that all peers agree (`design.md` D4). */
  readonly at: Instant;
  readonly ledger: LedgerState;
  readonly #id: string;
  readonly #events: EventRecord[] = [];

  constructor(ctx: Context) {
    const identity = ctx.clientIdentity;
    this.caller = parseCaller(identity.getMSPID(), identity.getAttributeValue('role'), identity.getAttributeValue('org'));
    this.at = instantOfTransaction(ctx);
    this.ledger = new LedgerState(ctx.stub, dayInVietNam(this.at));
    this.#id = ctx.stub.getTxID();
  }

  /** When a request's happening happened: what it states, if that is not in the future, else now. Throws HAPPENED_IN_FUTURE. */
  happenedAt(occasion: Occasion): Instant {
    const stated = occasion.happenedAt;
    if (stated === undefined) return this.at;
    require(epochMs(stated) <= epochMs(this.at) + SKEW_MS, 'HAPPENED_IN_FUTURE', { field: 'happenedAt', now: this.at });
    return stated;
  }

  /** Where it happened: what the request states, else the caller's own province. Throws ORGANISATION_UNKNOWN. */
  async provinceOf(occasion: Occasion): Promise<ProvinceCode> {
    return occasion.province ?? (await this.organisation(this.caller.organisation)).province;
  }

  /** An organisation of the register. Throws ORGANISATION_UNKNOWN. */
  async organisation(id: Caller['organisation']): Promise<OrganisationRecord> {
    const record = await this.ledger.load(organisationKey(id), 'organisation');
    require(record !== undefined, 'ORGANISATION_UNKNOWN', { organisation: id });
    return record;
  }

  /** Records what happened; it is written when the transaction ends. */
  async happened(event: NewEvent, occasion: Occasion): Promise<void> {
    this.#events.push({
      kind: 'event', ...event,
      by: this.caller.organisation,
      happenedAt: this.happenedAt(occasion),
      recordedAt: this.at,
      province: await this.provinceOf(occasion),
    });
  }

  /** Writes everything, and one chaincode event: of several, Fabric keeps only the last. */
  async finish(ctx: Context): Promise<void> {
    this.#events.forEach((event, index) => this.ledger.save(eventKey(this.#id, index), event));
    await this.ledger.flush();
    const steps = this.#events.map((event) => ({ step: event.step, items: event.items.length }));
    ctx.stub.setEvent(CHAINCODE_EVENT, Buffer.from(canonicalJson(steps)));
  }
}

function instantOfTransaction(ctx: Context): Instant {
  const { seconds, nanos } = ctx.stub.getTxTimestamp();
  return instantOf(Number(seconds) * 1000 + Math.floor(nanos / 1_000_000));
}

/** Reads a request and answers it inside a transaction. */
export type Handler = (tx: Transaction, request: unknown) => Promise<Json>;

/** Joins a shape and the rule that acts on what it reads. */
export function handler<T>(shape: (value: unknown) => T, act: (tx: Transaction, request: T) => Promise<Json>): Handler {
  return async (tx, request) => act(tx, shape(request));
}

/**
 * Runs a writing transaction: one argument, a caller who may, a request that reads, then all writes or none.
 *
 * @returns the answer as canonical JSON
 * @throws Problem ARGUMENT_COUNT, CALLER_NOT_ALLOWED and whatever reading and acting refuse
 */
export async function write(ctx: Context, name: TransactionName, act: Handler): Promise<string> {
  const text = onlyArgument(ctx);
  const tx = new Transaction(ctx);
  authorise(name, tx.caller);
  const answer = await act(tx, parseStrictJson(text, LONGEST_REQUEST));
  await tx.finish(ctx);
  return canonicalJson(answer);
}

/** Runs a reading transaction: its one argument is a plain text. */
export async function read(ctx: Context, name: TransactionName, act: (tx: Transaction, text: string) => Promise<Json>): Promise<string> {
  const text = onlyArgument(ctx);
  const tx = new Transaction(ctx);
  authorise(name, tx.caller);
  return canonicalJson(await act(tx, text));
}

function onlyArgument(ctx: Context): string {
  const { params } = ctx.stub.getFunctionAndParameters();
  const [text] = params;
  require(text !== undefined && params.length === 1, 'ARGUMENT_COUNT', { expected: '1', got: String(params.length) });
  return text;
}

/** One step of a capture: the same request that the transaction of that name takes. */
export async function step(tx: Transaction, handlers: Readonly<Record<string, Handler>>, name: string, request: unknown): Promise<Json> {
  const act = handlers[name];
  require(act !== undefined && isTransactionName(name) && TRANSACTIONS[name].writes, 'TRANSACTION_UNKNOWN', { field: 'transaction', name: name.slice(0, 60) });
  authorise(name, tx.caller);
  return act(tx, request);
}
