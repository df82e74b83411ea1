import { Contract, type Context } from 'fabric-contract-api';
import { HANDLERS } from './handlers.js';
import { readItem as itemDossier } from './goods/read-item.js';
import { read, write } from './transaction.js';

/** Every public method is callable by any client: this class holds transactions of the table and nothing else. */
export class GoodsContract extends Contract {
  constructor() {
    super('goods');
  }

  async registerProduct(ctx: Context): Promise<string> {
    return write(ctx, 'goods:registerProduct', HANDLERS['goods:registerProduct']);
  }

  async registerProducts(ctx: Context): Promise<string> {
    return write(ctx, 'goods:registerProducts', HANDLERS['goods:registerProducts']);
  }

  async openLot(ctx: Context): Promise<string> {
    return write(ctx, 'goods:openLot', HANDLERS['goods:openLot']);
  }

  async commission(ctx: Context): Promise<string> {
    return write(ctx, 'goods:commission', HANDLERS['goods:commission']);
  }

  async pack(ctx: Context): Promise<string> {
    return write(ctx, 'goods:pack', HANDLERS['goods:pack']);
  }

  async unpack(ctx: Context): Promise<string> {
    return write(ctx, 'goods:unpack', HANDLERS['goods:unpack']);
  }

  async ship(ctx: Context): Promise<string> {
    return write(ctx, 'goods:ship', HANDLERS['goods:ship']);
  }

  async receive(ctx: Context): Promise<string> {
    return write(ctx, 'goods:receive', HANDLERS['goods:receive']);
  }

  async cancelShipment(ctx: Context): Promise<string> {
    return write(ctx, 'goods:cancelShipment', HANDLERS['goods:cancelShipment']);
  }

  async end(ctx: Context): Promise<string> {
    return write(ctx, 'goods:end', HANDLERS['goods:end']);
  }

  async report(ctx: Context): Promise<string> {
    return write(ctx, 'goods:report', HANDLERS['goods:report']);
  }

  async recover(ctx: Context): Promise<string> {
    return write(ctx, 'goods:recover', HANDLERS['goods:recover']);
  }

  async hold(ctx: Context): Promise<string> {
    return write(ctx, 'goods:hold', HANDLERS['goods:hold']);
  }

  async release(ctx: Context): Promise<string> {
    return write(ctx, 'goods:release', HANDLERS['goods:release']);
  }

  async recallLot(ctx: Context): Promise<string> {
    return write(ctx, 'goods:recallLot', HANDLERS['goods:recallLot']);
  }

  async endRecall(ctx: Context): Promise<string> {
    return write(ctx, 'goods:endRecall', HANDLERS['goods:endRecall']);
  }

  async suspendLot(ctx: Context): Promise<string> {
    return write(ctx, 'goods:suspendLot', HANDLERS['goods:suspendLot']);
  }

  async releaseLot(ctx: Context): Promise<string> {
    return write(ctx, 'goods:releaseLot', HANDLERS['goods:releaseLot']);
  }

  async capture(ctx: Context): Promise<string> {
    return write(ctx, 'goods:capture', HANDLERS['goods:capture']);
  }

  /** Everything the ledger knows about one item, by its key. */
  async readItem(ctx: Context): Promise<string> {
    return read(ctx, 'goods:readItem', itemDossier);
  }
}
