/** Bodies that register products and lots. */
import { lotMeasure, lotRelease, lotRequest } from '#domain/goods/lot.js';
import { productRequest } from '#domain/goods/product.js';
import { listSchema, objectSchema, type RequestForm } from './request-form.js';
import { choice, DAY, DIGEST, GTIN, KILOGRAMS, line, LOT, PERCENT, PROVINCE, REASON, SUBSTANCE } from './schema-parts.js';

const party = objectSchema({ name: line(200), address: line(300) });
const component = objectSchema({ substance: SUBSTANCE, least: PERCENT, most: PERCENT });
const pictograms = listSchema(choice('GHS01', 'GHS02', 'GHS03', 'GHS04', 'GHS05', 'GHS06', 'GHS07', 'GHS08', 'GHS09'), { min: 1, max: 9 });
const hazard = objectSchema({ signalWord: choice('danger', 'warning'), pictograms }, { unNumber: { type: 'string', pattern: '^[0-9]{4}$' } });

export const PRODUCT = {
  shape: productRequest,
  schema: objectSchema({
    gtin: GTIN, name: line(200), producer: party, origin: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' },
    standards: listSchema(line(200), { max: 20 }), warnings: listSchema(line(300), { max: 20 }),
    expires: { type: 'boolean', description: 'whether lots carry an expiry date' }, risk: choice('low', 'medium', 'high'),
  }, {
    nameEn: line(200), brand: line(100), image: DIGEST, importer: party, netQuantity: line(60), hazard,
    components: listSchema(component, { min: 1, max: 20 }),
  }),
  example: {
    gtin: '09520000000011', name: 'Trà xanh Shan tuyết', nameEn: 'Shan snow green tea', brand: 'Shan',
    image: 'a3f1c9d2e4b5061728394a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    producer: { name: 'Hợp tác xã Chè Shan', address: 'Suối Giàng, Lào Cai' },
    importer: { name: 'Công ty Nhập khẩu Ví dụ', address: '1 Trần Phú, Hà Nội' },
    origin: 'VN', standards: ['TCVN 9740:2013'], warnings: ['Bảo quản nơi khô mát'], netQuantity: '100 g',
    expires: true, risk: 'medium',
    hazard: { signalWord: 'danger', pictograms: ['GHS02', 'GHS07'], unNumber: '1090' },
    components: [{ substance: 'acetone', least: '98', most: '99.9' }],
  },
} as const satisfies RequestForm;

const stated = objectSchema({ substance: SUBSTANCE, content: PERCENT });
const bulk = objectSchema({ mass: KILOGRAMS, components: listSchema(stated, { min: 1, max: 20 }) }, { certificate: DIGEST });

export const LOT_OPENING = {
  shape: lotRequest,
  schema: objectSchema({ gtin: GTIN, lot: LOT, producedOn: DAY, province: PROVINCE }, { expiresOn: DAY, bulk }),
  example: {
    gtin: '09520000000011', lot: 'LO26-001', producedOn: '2026-11-01', expiresOn: '2027-11-01', province: '15',
    bulk: {
      mass: '200', components: [{ substance: 'acetone', content: '98.5' }],
      certificate: 'a3f1c9d2e4b5061728394a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    },
  },
} as const satisfies RequestForm;

export const LOT_MEASURE = {
  shape: lotMeasure,
  schema: objectSchema({ gtin: GTIN, lot: LOT, reason: REASON, instruction: line(300, 'what a holder of the goods should do') }),
  example: { gtin: '09520000000011', lot: 'LO26-001', reason: 'Dư lượng vượt mức', instruction: 'Trả về nơi bán' },
} as const satisfies RequestForm;

export const LOT_RELEASE = {
  shape: lotRelease,
  schema: objectSchema({ gtin: GTIN, lot: LOT, reason: REASON }),
  example: { gtin: '09520000000011', lot: 'LO26-001', reason: 'Đã kiểm nghiệm lại, đạt' },
} as const satisfies RequestForm;
