/** A contract that does one small thing per function, so that a suite can tell how a ledger behaves. Strings only. */
import { Contract, type Context } from 'fabric-contract-api';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

export class ProbeContract extends Contract {
  constructor() {
    super('ProbeContract');
  }

  async put(ctx: Context, key: string, value: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from(value));
  }

  /** Refuses if the key exists. */
  async create(ctx: Context, key: string, value: string): Promise<void> {
    if ((await ctx.stub.getState(key)).length > 0) throw new Error(`PROBE_EXISTS {"key":${JSON.stringify(key)}}`);
    await ctx.stub.putState(key, Buffer.from(value));
  }

  /** Two keys that must both be new. */
  async createPair(ctx: Context, left: string, right: string, value: string): Promise<void> {
    await this.create(ctx, left, value);
    await this.create(ctx, right, value);
  }

  async putPrivate(ctx: Context, collection: string, key: string, value: string): Promise<void> {
    await ctx.stub.putPrivateData(collection, key, Buffer.from(value));
  }

  /** Hash of a private value, in hexadecimal digits; empty if there is none. */
  async privateHash(ctx: Context, collection: string, key: string): Promise<string> {
    return Buffer.from(await ctx.stub.getPrivateDataHash(collection, key)).toString('hex');
  }

  /** Reads the hash of a private value and keeps it in the open, under the same key. */
  async publishPrivateHash(ctx: Context, collection: string, key: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from(await this.privateHash(ctx, collection, key)));
  }

  async get(ctx: Context, key: string): Promise<string> {
    return text(await ctx.stub.getState(key));
  }

  async remove(ctx: Context, key: string): Promise<void> {
    await ctx.stub.deleteState(key);
  }

  /** Reads, then writes one more. */
  async bump(ctx: Context, key: string): Promise<string> {
    const next = String(Number(text(await ctx.stub.getState(key)) || '0') + 1);
    await ctx.stub.putState(key, Buffer.from(next));
    return next;
  }

  /** Writes several times to one key; the last write counts. */
  async putTwice(ctx: Context, key: string, first: string, second: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from(first));
    await ctx.stub.putState(key, Buffer.from(second));
  }

  /** @param pairsJson array of [key, value] */
  async putMany(ctx: Context, pairsJson: string): Promise<string> {
    const pairs = JSON.parse(pairsJson) as [string, string][];
    await Promise.all(pairs.map(([key, value]) => ctx.stub.putState(key, Buffer.from(value))));
    return String(pairs.length);
  }

  /** The same, out of the transient field `pairs`. */
  async putManyTransient(ctx: Context): Promise<string> {
    const pairs = ctx.stub.getTransient().get('pairs');
    return this.putMany(ctx, pairs === undefined ? '[]' : text(pairs));
  }

  /** What a transaction sees of its own writes: value before, value after, keys of the range. */
  async ownWrites(ctx: Context, key: string): Promise<string> {
    const before = text(await ctx.stub.getState(key));
    await ctx.stub.putState(key, Buffer.from('new'));
    await ctx.stub.putState(`${key}~1`, Buffer.from('new'));
    const after = text(await ctx.stub.getState(key));
    const seen: string[] = [];
    for await (const entry of ctx.stub.getStateByRange(key, `${key}~~`)) seen.push(entry.key);
    return JSON.stringify({ before, after, seen });
  }

  /** Reads one key again and again and tells which values it saw: others may write meanwhile. */
  async watch(ctx: Context, key: string, times: string): Promise<string> {
    const seen = new Set<string>();
    for (let count = 0; count < Number(times); count += 1) seen.add(text(await ctx.stub.getState(key)));
    return JSON.stringify([...seen]);
  }

  /** Reads two keys, one of them twice, and writes two keys in reverse order. */
  async shuffle(ctx: Context, a: string, b: string): Promise<void> {
    await ctx.stub.getState(b);
    await ctx.stub.getState(a);
    await ctx.stub.getState(b);
    await ctx.stub.putState(`${b}2`, Buffer.from('2'));
    await ctx.stub.putState(`${a}1`, Buffer.from('1'));
  }

  /** Counts a range and writes the count. */
  async summarise(ctx: Context, from: string, to: string, target: string): Promise<string> {
    let count = 0;
    for await (const entry of ctx.stub.getStateByRange(from, to)) count += entry.key === '' ? 0 : 1;
    await ctx.stub.putState(target, Buffer.from(String(count)));
    return String(count);
  }

  /** Looks at the first `limit` keys of a range only, and writes them. */
  async firstKeys(ctx: Context, from: string, to: string, limit: string, target: string): Promise<string> {
    const keys: string[] = [];
    for await (const entry of ctx.stub.getStateByRange(from, to)) {
      keys.push(entry.key);
      if (keys.length >= Number(limit)) break;
    }
    await ctx.stub.putState(target, Buffer.from(JSON.stringify(keys)));
    return JSON.stringify(keys);
  }

  async keys(ctx: Context, from: string, to: string): Promise<string> {
    const keys: string[] = [];
    for await (const entry of ctx.stub.getStateByRange(from, to)) keys.push(entry.key);
    return JSON.stringify(keys);
  }

  /** One page of a range: keys, and what the ledger says about the page. */
  async page(ctx: Context, from: string, to: string, size: string, bookmark: string): Promise<string> {
    const { iterator, metadata } = await ctx.stub.getStateByRangeWithPagination(from, to, Number(size), bookmark);
    const keys: string[] = [];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) keys.push(next.value.key);
    await iterator.close();
    return JSON.stringify({ keys, metadata });
  }

  async pageThenPut(ctx: Context, from: string, to: string, key: string): Promise<void> {
    const { iterator } = await ctx.stub.getStateByRangeWithPagination(from, to, 2, '');
    await iterator.close();
    await ctx.stub.putState(key, Buffer.from('x'));
  }

  /** @param partsJson object type first, then attributes */
  async putComposite(ctx: Context, partsJson: string, value: string): Promise<void> {
    const [type = '', ...attributes] = JSON.parse(partsJson) as string[];
    await ctx.stub.putState(ctx.stub.createCompositeKey(type, attributes), Buffer.from(value));
  }

  async partial(ctx: Context, partsJson: string): Promise<string> {
    const [type = '', ...attributes] = JSON.parse(partsJson) as string[];
    const found: string[][] = [];
    for await (const entry of ctx.stub.getStateByPartialCompositeKey(type, attributes)) found.push(ctx.stub.splitCompositeKey(entry.key).attributes);
    return JSON.stringify(found);
  }

  async history(ctx: Context, key: string): Promise<string> {
    const changes: unknown[] = [];
    for await (const change of ctx.stub.getHistoryForKey(key)) {
      changes.push({ value: text(change.value), isDelete: change.isDelete, txId: change.txId, seconds: Number(change.timestamp.seconds) });
    }
    return JSON.stringify(changes);
  }

  /** Two events of one transaction, and a write. */
  async twoEvents(ctx: Context, key: string, payload: string): Promise<void> {
    ctx.stub.setEvent('first', Buffer.from('lost'));
    await ctx.stub.putState(key, Buffer.from(payload));
    ctx.stub.setEvent('second', Buffer.from(payload));
  }

  /** Reads a key, writes it, and sets an event: which is only seen if the transaction is valid. */
  async bumpWithEvent(ctx: Context, key: string): Promise<void> {
    const next = await this.bump(ctx, key);
    ctx.stub.setEvent('bumped', Buffer.from(next));
  }

  /** The transient field `secret`, hashed away: only its length is kept. */
  async keepSecretLength(ctx: Context, key: string): Promise<string> {
    const secret = ctx.stub.getTransient().get('secret');
    const length = String(secret?.length ?? 0);
    await ctx.stub.putState(key, Buffer.from(length));
    return length;
  }

  async fail(_ctx: Context, message: string): Promise<void> {
    throw new Error(message);
  }

  /** Writes, then fails: nothing may remain. */
  async putThenFail(ctx: Context, key: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from('x'));
    throw new Error('PROBE_FAILED {}');
  }

  async caller(ctx: Context, attribute: string): Promise<string> {
    const { clientIdentity, stub } = ctx;
    return JSON.stringify({ mspId: clientIdentity.getMSPID(), attribute: clientIdentity.getAttributeValue(attribute), id: clientIdentity.getID(), channel: stub.getChannelID() });
  }

  /** Writes what is different in every process: what no contract may do. */
  async putProcess(ctx: Context, key: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from(String(process.pid)));
  }

  async times(ctx: Context): Promise<string> {
    const { seconds } = ctx.stub.getTxTimestamp();
    return JSON.stringify({ txId: ctx.stub.getTxID(), seconds: Number(seconds), iso: ctx.stub.getDateTimestamp().toISOString() });
  }

  async privateData(ctx: Context, collection: string, key: string): Promise<string> {
    return text(await ctx.stub.getPrivateData(collection, key));
  }

  /** Asks that a key be written only with the endorsement of these organisations. */
  async setKeyPolicy(ctx: Context, key: string, mspId: string): Promise<void> {
    await ctx.stub.setStateValidationParameter(key, Buffer.from(mspId));
  }

  async richQuery(ctx: Context, query: string): Promise<string> {
    await ctx.stub.getQueryResult(query);
    return 'ok';
  }

  async otherChaincode(ctx: Context, name: string): Promise<string> {
    const response = await ctx.stub.invokeChaincode(name, ['get', 'x'], '');
    return String(response.status);
  }
}
