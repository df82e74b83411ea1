/** The sizes of VNIDCheck, made up deterministically: 452,426 products of 12,974 enterprises, and serials. */
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import type { Json } from '#domain/canonical-json.js';

export const ENTERPRISES = 12_974;
export const PRODUCTS = 452_426;

/** Company prefixes of the example range: 952 and five digits. Enterprise 0 makes the serials. */
export const prefixOf = (number: number): string => `952${String(number).padStart(5, '0')}`;

export const enterpriseId = (number: number): string => `doanh-nghiep-${number}`;

export function enterprise(number: number): Json {
  return { id: enterpriseId(number), type: 'enterprise', name: `Doanh nghiệp mẫu số ${number}`, address: `Số ${number} Phố Mẫu`, province: '01', fictional: 'yes' };
}

/** Products are dealt to the enterprises in turn; each enterprise's numbers run from 0. */
export function productsOf(number: number): Json[] {
  const count = Math.floor(PRODUCTS / ENTERPRISES) + (number < PRODUCTS % ENTERPRISES ? 1 : 0);
  return Array.from({ length: count }, (_, index) => product(number, index));
}

export function gtinOf(number: number, index: number): string {
  const digits = `0${prefixOf(number)}${String(index).padStart(4, '0')}`;
  return digits + checkDigitOf(digits);
}

function product(number: number, index: number): Json {
  return {
    gtin: gtinOf(number, index), name: `Sản phẩm mẫu ${number}.${index}`, brand: `Nhãn ${number}`, image: 'ab'.repeat(32),
    producer: { name: `Doanh nghiệp mẫu số ${number}`, address: `Số ${number} Phố Mẫu` },
    origin: 'VN', standards: ['TCCS 01:2026'], warnings: [], netQuantity: '500 g', expires: true, risk: 'low',
  };
}

/** Serial `index`, thirteen characters. */
export const serialNumber = (index: number): string => `S${index.toString(36).toUpperCase().padStart(12, '0')}`;
