/** One register with a case for every band, and the real application over it. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import type { ItemKey, Lot, Serial } from '#domain/gs1/item-key.js';
import type { Day } from '#domain/instant.js';
import { buildVerifier, type VerifierDeps } from '../../../verifier/server/build-verifier.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import type { ReportInbox } from '../../../verifier/server/report-inbox.js';
import { NOW } from '../certificate-builder.js';
import * as goods from '../goods-fixtures.js';
import { newWorld, type World } from '../receipt-builder.js';

/** Addresses under which the window shows each state. */
export const CASES = {
  'registered': `${goods.LABEL}?17=271231`,
  'lot-registered': goods.LOT_KEY,
  'product-registered': goods.PRODUCT_KEY,
  'unit-registered': goods.UNIT_KEY,
  'recalled': caseLabel('LO26-RECALL', 'RECALLED0001'),
  'suspended': caseLabel('LO26-SUSP', 'SUSPENDED001'),
  'seized': caseLabel(goods.LOT, 'SEIZED000001'),
  'lost': caseLabel(goods.LOT, 'STOLEN000001'),
  'used': caseLabel(goods.LOT, 'SOLD00000001'),
  'expired': caseLabel('LO24-OLD', 'EXPIRED00001'),
  'incomplete': '/01/09520000000028/10/LO26-B/21/NOPICTURE001',
  'not-on-sale': caseLabel(goods.LOT, 'NOTYETONSALE'),
  'unknown-lot': caseLabel('LO99-NONE', 'NOTYETONSALE'),
  'unknown-code': '/01/09521234543213/10/L1/21/S1',
  'mismatch': `/01/${goods.GTIN}/10/LO26-002/21/${goods.SERIAL}`,
  'not-kept': '/414/9520000000103',
  'malformed': '/01/09520000000012/10/LO26-001',
  'chemical': '/01/19520000000018/10/HC26-7/21/DRUM00000001',
} as const;

function caseLabel(lot: string, serial: string): string {
  return `/01/${goods.GTIN}/10/${lot}/21/${serial}`;
}

export async function fillWindow(world: World): Promise<goods.MemoryRecords> {
  const records = new goods.MemoryRecords(world);
  const single = (lot: string, serial: string, change: Parameters<typeof goods.dossierOf>[0] = {}, custody = goods.serial.custody): void => {
    records.put(goods.itemOf(goods.dossierOf({
      item: `/01/${goods.GTIN}/21/${serial}` as ItemKey,
      lot: { ...goods.lot, lot: lot as Lot },
      serial: { ...goods.serial, serial: serial as Serial, lot: lot as Lot, custody },
      ...change,
    })));
  };
  for (const dossier of [goods.dossierOf(), goods.LOT_DOSSIER, goods.UNIT_DOSSIER]) records.put(goods.itemOf(dossier));
  records.put(goods.itemOf(goods.PRODUCT_DOSSIER, { journey: [] }));
  single('LO26-RECALL', 'RECALLED0001', { lot: { ...goods.lot, lot: 'LO26-RECALL' as Lot, recall: goods.measure } });
  single('LO26-SUSP', 'SUSPENDED001', { lot: { ...goods.lot, lot: 'LO26-SUSP' as Lot, suspension: goods.measure } });
  single(goods.LOT, 'SEIZED000001', {}, { ...goods.serial.custody, hold: { cause: 'seized', reason: 'Nghi hàng nhái, chờ giám định.', by: goods.measure.by, at: goods.measure.at } } as typeof goods.serial.custody);
  single(goods.LOT, 'STOLEN000001', {}, { state: 'stolen', holder: goods.MAKER, at: goods.at('2026-10-02T19:00:00.000Z'), province: '79' });
  single(goods.LOT, 'SOLD00000001', {}, { state: 'sold', holder: goods.MAKER, at: goods.at('2026-08-12T03:00:00.000Z'), province: '01' });
  single('LO24-OLD', 'EXPIRED00001', { lot: { ...goods.lot, lot: 'LO24-OLD' as Lot, producedOn: '2024-06-01' as Day, expiresOn: '2026-06-01' as Day } });
  records.put(goods.itemOf(goods.without(goods.dossierOf({ item: `/01/${goods.GTIN}/21/NOTYETONSALE` as ItemKey }), 'lot', 'serial'), { journey: [] }));
  records.put(goods.itemOf(goods.without(goods.dossierOf({ item: `/01/${goods.GTIN}/10/LO99-NONE` as ItemKey }), 'lot', 'serial'), { journey: [] }));
  records.put(goods.itemOf(withoutPicture()));
  records.put(goods.itemOf(chemical()));
  return records;
}

function withoutPicture(): ReturnType<typeof goods.dossierOf> {
  const gtin = '09520000000028' as Gtin;
  const { image: _image, ...product } = goods.product;
  return goods.dossierOf({
    item: `/01/${gtin}/21/NOPICTURE001` as ItemKey,
    product: { ...product, gtin },
    lot: { ...goods.lot, gtin, lot: 'LO26-B' as Lot },
    serial: { ...goods.serial, gtin, lot: 'LO26-B' as Lot, serial: 'NOPICTURE001' as Serial },
  });
}

function chemical(): ReturnType<typeof goods.dossierOf> {
  const gtin = '19520000000018' as Gtin;
  const content = { mass: '25000000', components: [{ substance: 'acetone', mass: '24750000' }] } as const;
  return goods.dossierOf({
    item: `/01/${gtin}/21/DRUM00000001` as ItemKey,
    product: {
      ...goods.product, gtin, name: 'Axeton công nghiệp 99 %', nameEn: 'Technical acetone 99 %', netQuantity: '25 kg', risk: 'high',
      warnings: ['Tránh xa nguồn nhiệt, tia lửa, ngọn lửa trần.', 'Nếu dính vào mắt: rửa cẩn thận với nước trong vài phút.'],
      hazard: { signalWord: 'danger', pictograms: ['GHS02', 'GHS07'], unNumber: '1090' },
    },
    lot: { ...goods.lot, gtin, lot: 'HC26-7' as Lot },
    serial: { ...goods.serial, gtin, lot: 'HC26-7' as Lot, serial: 'DRUM00000001' as Serial, content },
    organisations: [{ ...goods.organisation, fictional: 'yes' }],
  });
}

export const ORIGIN = 'https://id.example.org';
export const OPERATOR = { name: 'Trung tâm Minh Chứng (minh họa)', contact: '0800 000 000, baocao@example.org' };

export interface Window {
  readonly world: World;
  readonly records: goods.MemoryRecords;
  readonly app: FastifyInstance;
}

/** Pages offer to report something; nobody is there to take it unless a test puts somebody there. */
const inbox: ReportInbox = { file: async () => { throw new Problem('REPORT_NOT_DELIVERED'); } };

export async function openWindow(change: Partial<VerifierDeps> = {}): Promise<Window> {
  const world = await newWorld();
  const records = await fillWindow(world);
  const app = buildVerifier({ records, inbox, crypto: nodeCrypto(), now: () => NOW, origin: ORIGIN, operator: OPERATOR, ...change });
  return { world, records, app };
}

