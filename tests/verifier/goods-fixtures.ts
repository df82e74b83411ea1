/** Goods on a small register: each case is a whole answer, with a receipt that real (test) peers signed. */
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { Carrier, Dossier } from '#domain/goods/dossier.js';
import type { LotRecord, Measure } from '#domain/goods/lot.js';
import type { ProductRecord } from '#domain/goods/product.js';
import type { JourneyStop, PublicItem, TrustRoots } from '#domain/goods/public-item.js';
import type { SerialRecord } from '#domain/goods/records.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import type { ItemKey, Lot, Serial, Sscc } from '#domain/gs1/item-key.js';
import { instantOf, type Day, type Instant } from '#domain/instant.js';
import type { Custody } from '#domain/lifecycle/item.js';
import type { OrganisationId, OrganisationRecord } from '#domain/registry/organisation.js';
import type { Media, PublicRecords } from '../../verifier/server/public-records.js';
import { NOW } from './certificate-builder.js';
import { receipt, type World } from './receipt-builder.js';

export const GTIN = '09520000000011' as Gtin;
export const LOT = 'LO26-001' as Lot;
export const SERIAL = '7QK2M9ZD4XWA' as Serial;
export const SSCC = '095200000000000011' as Sscc;
export const MAKER = 'tra-shan' as OrganisationId;

export const PRODUCT_KEY = `/01/${GTIN}` as ItemKey;
export const LOT_KEY = `/01/${GTIN}/10/${LOT}` as ItemKey;
export const SERIAL_KEY = `/01/${GTIN}/21/${SERIAL}` as ItemKey;
export const UNIT_KEY = `/00/${SSCC}` as ItemKey;
/** As printed on the goods. */
export const LABEL = `/01/${GTIN}/10/${LOT}/21/${SERIAL}`;

export const IMAGE = '3f'.repeat(32);

export const at = (text: string): Instant => text as Instant;

export const organisation: OrganisationRecord = {
  kind: 'organisation', id: MAKER, type: 'enterprise',
  name: 'Hợp tác xã Trà Shan Tuyết Suối Giàng', nameEn: 'Suoi Giang Shan Tea Cooperative',
  address: 'Thôn Pang Cáng, xã Văn Chấn', province: '15', registeredAt: at('2026-01-05T02:00:00.000Z'),
};

export const product: ProductRecord = {
  kind: 'product', gtin: GTIN, maker: MAKER, registeredAt: at('2026-01-06T02:00:00.000Z'),
  name: 'Trà xanh Shan Tuyết cổ thụ', nameEn: 'Ancient-tree Shan green tea', brand: 'Suối Giàng', image: IMAGE,
  producer: { name: 'Hợp tác xã Trà Shan Tuyết Suối Giàng', address: 'Thôn Pang Cáng, xã Văn Chấn, Lào Cai' },
  origin: 'VN', standards: ['TCVN 9740:2013', 'TCVN 12850:2019'], warnings: ['Để nơi khô, tránh ánh nắng.'],
  netQuantity: '100 g', expires: true, risk: 'medium',
};

export const lot: LotRecord = {
  kind: 'lot', gtin: GTIN, lot: LOT, maker: MAKER, producedOn: '2026-06-15' as Day, expiresOn: '2027-12-31' as Day,
  province: '15', openedAt: at('2026-06-15T03:00:00.000Z'),
};

const inStock: Custody = { state: 'in-stock', holder: MAKER };

export const serial: SerialRecord = {
  kind: 'serial', gtin: GTIN, serial: SERIAL, lot: LOT, maker: MAKER, commissionedAt: at('2026-06-16T01:00:00.000Z'), custody: inStock,
};

export const unit: Carrier = {
  kind: 'unit', sscc: SSCC, maker: MAKER, commissionedAt: at('2026-06-17T01:00:00.000Z'), custody: inStock, count: 1,
};

export const measure: Measure = {
  by: 'cuc-attp' as OrganisationId, at: at('2026-11-19T07:15:00.000Z'),
  reason: 'Dư lượng thuốc bảo vệ thực vật vượt mức cho phép.',
  instruction: 'Ngừng dùng và trả lại nơi mua, hoặc gọi 1800 0000 để được nhận lại và hoàn tiền.',
};

export const journey: readonly JourneyStop[] = [
  stop('open-lot', '2026-06-15T03:00:00.000Z', '15'),
  stop('commission', '2026-06-16T01:00:00.000Z', '15'),
  stop('pack', '2026-06-17T01:00:00.000Z', '15'),
  stop('ship', '2026-06-20T04:00:00.000Z', '15'),
  stop('receive', '2026-06-21T09:30:00.000Z', '01', '2026-06-23T01:00:00.000Z'),
  stop('unpack', '2026-06-22T02:00:00.000Z', '01', '2026-06-23T01:05:00.000Z'),
];

export function stop(step: JourneyStop['step'], when: string, province: JourneyStop['province'], recorded = when): JourneyStop {
  return { step, at: at(when), recordedAt: at(recorded), province };
}

/** Everything known of the serial, changed where a case wants it otherwise. */
export function dossierOf(change: Partial<Dossier> = {}): Dossier {
  return { item: SERIAL_KEY, product, lot, serial, inside: [], organisations: [organisation], ...change };
}

export const without = (dossier: Dossier, ...keys: (keyof Dossier)[]): Dossier =>
  Object.fromEntries(Object.entries(dossier).filter(([key]) => !keys.includes(key as keyof Dossier))) as unknown as Dossier;

export const PRODUCT_DOSSIER = without(dossierOf({ item: PRODUCT_KEY }), 'lot', 'serial');
export const LOT_DOSSIER = without(dossierOf({ item: LOT_KEY }), 'serial');
export const UNIT_DOSSIER: Dossier = { item: UNIT_KEY, unit, inside: [], organisations: [organisation] };
export const NOTHING = (item: string): Dossier => ({ item: item as ItemKey, inside: [], organisations: [] });

/** Known a minute before `NOW`, at block 1284. */
export function itemOf(dossier: Dossier, change: Partial<PublicItem> = {}): PublicItem {
  return { dossier, journey, asOf: { height: '1284', blockTime: instantOf(NOW - 300_000), knownAt: instantOf(NOW - 60_000) }, ...change };
}

export function trustOf(world: World, ledger: TrustRoots['ledger'] = 'fabric'): TrustRoots {
  const organisations = ledger === 'fabric' ? [world.org1, world.org2, world.org3] : [world.org1];
  return {
    channel: 'trace', chaincode: 'minhchung', ledger,
    roots: Object.fromEntries(organisations.map(({ mspId, root }) => [mspId, [root.pem]])),
    minimumOrganisations: ledger === 'fabric' ? 2 : 1,
  };
}

/** The signed read of a dossier. */
export function receiptFor(world: World, dossier: Dossier, key: string = dossier.item): string {
  return receipt(world, {
    at: NOW - 120_000,
    input: ['goods:readItem', key],
    response: canonicalJson(dossier as unknown as Json),
    namespaces: [{ name: 'minhchung', reads: [{ key, version: [1200, 0] }] }],
  });
}

/** A register in memory: what it does not hold has an empty dossier, signed like every other. */
export class MemoryRecords implements PublicRecords {
  readonly items = new Map<string, PublicItem>();
  readonly receipts = new Map<string, string>();
  readonly pictures = new Map<string, Media>();
  readonly #world: World;
  #trust: TrustRoots;
  /** What is to be refused, as a register that does not answer refuses. */
  readonly failing = new Set<'item' | 'receipt' | 'media' | 'trust'>();

  constructor(world: World, trust: TrustRoots = trustOf(world)) {
    this.#world = world;
    this.#trust = trust;
  }

  /** Puts an item on the register, with its receipt. */
  put(item: PublicItem): this {
    const key = item.dossier.item;
    this.items.set(key, item);
    this.receipts.set(key, receiptFor(this.#world, item.dossier));
    return this;
  }

  async item(key: ItemKey): Promise<PublicItem> {
    this.#answerOrFail('item');
    if (!this.items.has(key)) this.put(itemOf(NOTHING(key), { journey: [] }));
    return this.items.get(key)!;
  }

  async receipt(key: ItemKey): Promise<string> {
    this.#answerOrFail('receipt');
    await this.item(key);
    return this.receipts.get(key)!;
  }

  async media(digest: string): Promise<Media | undefined> {
    this.#answerOrFail('media');
    return this.pictures.get(digest);
  }

  async trust(): Promise<TrustRoots> {
    this.#answerOrFail('trust');
    return this.#trust;
  }

  setTrust(trust: TrustRoots): void {
    this.#trust = trust;
  }

  #answerOrFail(part: 'item' | 'receipt' | 'media' | 'trust'): void {
    if (this.failing.has(part)) throw new Error(`${part} does not answer`);
  }
}
