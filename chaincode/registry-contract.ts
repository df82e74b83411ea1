import { Contract, type Context } from 'fabric-contract-api';
import type { Json } from '#domain/canonical-json.js';
import { HANDLERS } from './handlers.js';
import { read, write } from './transaction.js';

/** Every public method is callable by any client: this class holds transactions of the table and nothing else. */
export class RegistryContract extends Contract {
  constructor() {
    super('registry');
  }

  async registerOrganisation(ctx: Context): Promise<string> {
    return write(ctx, 'registry:registerOrganisation', HANDLERS['registry:registerOrganisation']);
  }

  async grantPrefix(ctx: Context): Promise<string> {
    return write(ctx, 'registry:grantPrefix', HANDLERS['registry:grantPrefix']);
  }

  async registerKey(ctx: Context): Promise<string> {
    return write(ctx, 'registry:registerKey', HANDLERS['registry:registerKey']);
  }

  async retireKey(ctx: Context): Promise<string> {
    return write(ctx, 'registry:retireKey', HANDLERS['registry:retireKey']);
  }

  /** The record under one key as it stands, or `null`. */
  async readRecord(ctx: Context): Promise<string> {
    return read(ctx, 'registry:readRecord', async (tx, key) => ((await tx.ledger.loadAny(key)) ?? null) as unknown as Json);
  }
}
