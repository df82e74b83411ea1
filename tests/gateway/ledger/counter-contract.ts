/** A contract of a few plain functions for the gateway's own tests. */
import { Contract, type Context } from 'fabric-contract-api';
import { Problem } from '#domain/errors.js';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

export class CounterContract extends Contract {
  constructor() {
    super('counter');
  }

  async put(ctx: Context, key: string, value: string): Promise<string> {
    await ctx.stub.putState(key, Buffer.from(value));
    return `${key}=${value}`;
  }

  async get(ctx: Context, key: string): Promise<string> {
    return textOf(await ctx.stub.getState(key));
  }

  async list(ctx: Context, prefix: string): Promise<string> {
    const keys: string[] = [];
    for await (const { key } of ctx.stub.getStateByRange(prefix, `${prefix}~`)) keys.push(key);
    return keys.join(' ');
  }

  async remove(ctx: Context, key: string): Promise<void> {
    await ctx.stub.deleteState(key);
  }

  /** Reads and writes one key: of two at once, one fails. */
  async increment(ctx: Context, key: string): Promise<string> {
    const next = String(Number(textOf(await ctx.stub.getState(key)) || '0') + 1);
    await ctx.stub.putState(key, Buffer.from(next));
    ctx.stub.setEvent('incremented', Buffer.from(next));
    return next;
  }

  /** Writes the transient field `record`. */
  async putTransient(ctx: Context, key: string): Promise<void> {
    await ctx.stub.putState(key, ctx.stub.getTransient().get('record') ?? Buffer.alloc(0));
  }

  async refuse(_ctx: Context, field: string): Promise<void> {
    throw new Problem('FIELD_WRONG_VALUE', { field });
  }

  async crash(): Promise<void> {
    throw new TypeError('a bug of the contract');
  }
}
