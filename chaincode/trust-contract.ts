import { Contract, type Context } from 'fabric-contract-api';
import { HANDLERS } from './handlers.js';
import { write } from './transaction.js';

/** Every public method is callable by any client: this class holds transactions of the table and nothing else. */
export class TrustContract extends Contract {
  constructor() {
    super('trust');
  }

  async registerDid(ctx: Context): Promise<string> {
    return write(ctx, 'trust:registerDid', HANDLERS['trust:registerDid']);
  }

  async withdrawDid(ctx: Context): Promise<string> {
    return write(ctx, 'trust:withdrawDid', HANDLERS['trust:withdrawDid']);
  }

  async registerDidKey(ctx: Context): Promise<string> {
    return write(ctx, 'trust:registerDidKey', HANDLERS['trust:registerDidKey']);
  }

  async retireDidKey(ctx: Context): Promise<string> {
    return write(ctx, 'trust:retireDidKey', HANDLERS['trust:retireDidKey']);
  }

  async grant(ctx: Context): Promise<string> {
    return write(ctx, 'trust:grant', HANDLERS['trust:grant']);
  }

  async revokeGrant(ctx: Context): Promise<string> {
    return write(ctx, 'trust:revokeGrant', HANDLERS['trust:revokeGrant']);
  }

  async commitCredentials(ctx: Context): Promise<string> {
    return write(ctx, 'trust:commitCredentials', HANDLERS['trust:commitCredentials']);
  }

  async publishStatusList(ctx: Context): Promise<string> {
    return write(ctx, 'trust:publishStatusList', HANDLERS['trust:publishStatusList']);
  }

  async revokeCredential(ctx: Context): Promise<string> {
    return write(ctx, 'trust:revokeCredential', HANDLERS['trust:revokeCredential']);
  }
}
