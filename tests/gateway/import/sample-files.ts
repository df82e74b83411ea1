/** CSV as spreadsheets save it, about the tea and its maker (GS1 prefix 952). */
import { gtin, PREFIX, TEA } from '../../support/fictional.js';

export const PRODUCT_HEADINGS = ['Mã GTIN', 'Tên sản phẩm', 'Tên nhà sản xuất', 'Địa chỉ nhà sản xuất', 'Xuất xứ', 'Có hạn sử dụng', 'Mức rủi ro'];

/** The maker's n-th product; the tea is the first. */
export const gtinOf = (n: number): string => gtin(PREFIX['tra-shan'], n);

export const productRow = (n: number): string[] => [gtinOf(n), `Trà số ${n}`, 'Hợp tác xã Trà Shan Mây', 'Bản Mây, Lào Cai', 'VN', 'có', 'thấp'];

export const csv = (separator: string, ...rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.map((cell) => quoted(cell, separator)).join(separator)}\r\n`).join('');

const quoted = (cell: string, separator: string): string => (cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export const productFile = (...rows: readonly (readonly string[])[]): string => csv(';', PRODUCT_HEADINGS, ...rows);

/** Products from number 2 on. */
export const products = (count: number): string => productFile(...Array.from({ length: count }, (_, n) => productRow(n + 2)));

export const SERIAL_HEADINGS = ['Mã GTIN', 'Số lô', 'Số sê-ri'];

export const serialRow = (n: number, lot = 'L26-001'): string[] => [TEA, lot, `S${n}`];

export const serialFile = (...rows: readonly (readonly string[])[]): string => csv(',', SERIAL_HEADINGS, ...rows);

export const serials = (count: number): string => serialFile(...Array.from({ length: count }, (_, n) => serialRow(n)));
