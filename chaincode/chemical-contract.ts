import { Contract, type Context } from 'fabric-contract-api';
import { HANDLERS } from './handlers.js';
import { write } from './transaction.js';

/** Every public method is callable by any client: this class holds transactions of the table and nothing else. */
export class ChemicalContract extends Contract {
  constructor() {
    super('chemical');
  }

  async recordLicence(ctx: Context): Promise<string> {
    return write(ctx, 'chemical:recordLicence', HANDLERS['chemical:recordLicence']);
  }

  async revokeLicence(ctx: Context): Promise<string> {
    return write(ctx, 'chemical:revokeLicence', HANDLERS['chemical:revokeLicence']);
  }

  async suspendLicence(ctx: Context): Promise<string> {
    return write(ctx, 'chemical:suspendLicence', HANDLERS['chemical:suspendLicence']);
  }

  async reinstateLicence(ctx: Context): Promise<string> {
    return write(ctx, 'chemical:reinstateLicence', HANDLERS['chemical:reinstateLicence']);
  }

  async declareUse(ctx: Context): Promise<string> {
    return write(ctx, 'chemical:declareUse', HANDLERS['chemical:declareUse']);
  }

  async split(ctx: Context): Promise<string> {
    return write(ctx, 'chemical:split', HANDLERS['chemical:split']);
  }

  async draw(ctx: Context): Promise<string> {
    return write(ctx, 'chemical:draw', HANDLERS['chemical:draw']);
  }
}
