/**
 * The contracts over a plain map, for given/when/then: one call is one committed transaction. What a real peer does
 * besides (versions, conflicts, ranges re-run) is the ledger suite's subject, not this one's.
 */
import { createHash } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import type { Caller } from '#domain/access.js';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { CONTROLLED_COLLECTION } from '#domain/endorsement.js';
import { epochMs, type Instant } from '#domain/instant.js';
import type { LedgerRecord, RecordKind, RecordOf } from '#domain/records.js';
import type { TransactionName } from '#domain/transactions.js';
import { ChemicalContract } from '../../chaincode/chemical-contract.js';
import { GoodsContract } from '../../chaincode/goods-contract.js';
import { RegistryContract } from '../../chaincode/registry-contract.js';
import { TrustContract } from '../../chaincode/trust-contract.js';

type Method = (ctx: Context) => Promise<string>;

const CONTRACTS = { registry: new RegistryContract(), goods: new GoodsContract(), chemical: new ChemicalContract(), trust: new TrustContract() };

export class ContractWorld {
  readonly state = new Map<string, Buffer>();
  /** What stands in the collection of controlled records: SHA-256 in hexadecimal digits, by key. */
  readonly attested = new Map<string, string>();
  now: Instant;
  #transactions = 0;

  constructor(now = '2026-11-20T08:00:00.000Z') {
    this.now = now as Instant;
  }

  /** Calls a transaction as `caller`; its writes land only if it succeeds. */
  async call<T = unknown>(caller: Caller, name: TransactionName, request: Json | string, extra: string[] = []): Promise<T> {
    const writes = { state: new Map<string, Buffer>(), attested: new Map<string, string>() };
    const argument = typeof request === 'string' ? request : canonicalJson(request);
    const answer = await methodOf(name)(this.#context(caller, [argument, ...extra], writes));
    for (const [key, value] of writes.state) this.state.set(key, value);
    for (const [key, hash] of writes.attested) this.attested.set(key, hash);
    return JSON.parse(answer) as T;
  }

  /** The record under a key. */
  read<K extends RecordKind>(key: string, kind: K): RecordOf<K> | undefined {
    const bytes = this.state.get(key);
    const record = bytes === undefined ? undefined : JSON.parse(bytes.toString()) as LedgerRecord;
    return record?.kind === kind ? record as RecordOf<K> : undefined;
  }

  /** Every record of a kind. */
  all<K extends RecordKind>(kind: K): RecordOf<K>[] {
    return [...this.state.values()].map((bytes) => JSON.parse(bytes.toString()) as LedgerRecord).filter((one): one is RecordOf<K> => one.kind === kind);
  }

  #context(caller: Caller, params: string[], writes: { state: Map<string, Buffer>; attested: Map<string, string> }): Context {
    const id = `tx${String(this.#transactions++).padStart(6, '0')}`;
    const stub = {
      getState: async (key: string) => this.state.get(key) ?? Buffer.alloc(0),
      putState: async (key: string, value: Buffer) => void writes.state.set(key, value),
      getPrivateDataHash: async (collection: string, key: string) => Buffer.from(collection === CONTROLLED_COLLECTION ? this.attested.get(key) ?? '' : '', 'hex'),
      putPrivateData: async (collection: string, key: string, value: Buffer) => {
        if (collection !== CONTROLLED_COLLECTION) throw new Error(`collection ${collection} is not defined`);
        writes.attested.set(key, createHash('sha256').update(value).digest('hex'));
      },
      getStateByRange: async (from: string, to: string) => this.#range(from, to),
      getTxID: () => id,
      getTxTimestamp: () => ({ seconds: Math.floor(epochMs(this.now) / 1000), nanos: (epochMs(this.now) % 1000) * 1_000_000 }),
      getFunctionAndParameters: () => ({ fcn: '', params }),
      setEvent: () => {},
    };
    const clientIdentity = {
      getMSPID: () => caller.msp,
      getAttributeValue: (name: string) => ({ role: caller.role, org: caller.organisation } as Record<string, string>)[name] ?? null,
    };
    return { stub, clientIdentity } as unknown as Context;
  }

  #range(from: string, to: string): { next: () => Promise<unknown>; close: () => Promise<void> } {
    const bytes = (text: string): Buffer => Buffer.from(text);
    const keys = [...this.state.keys()]
      .filter((key) => Buffer.compare(bytes(key), bytes(from)) >= 0 && Buffer.compare(bytes(key), bytes(to)) < 0)
      .sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
    let index = 0;
    return {
      next: async () => {
        const key = keys[index++];
        return key === undefined ? { done: true } : { done: false, value: { key, value: this.state.get(key) } };
      },
      close: async () => {},
    };
  }
}

function methodOf(name: TransactionName): Method {
  const [contract, method] = name.split(':') as [keyof typeof CONTRACTS, string];
  const methods = CONTRACTS[contract] as unknown as Record<string, Method>;
  const found = methods[method];
  if (found === undefined) throw new Error(`no such method ${name}`);
  return found.bind(methods);
}
