/** Files of products: one row, one trade item. */
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { require } from '#domain/errors.js';
import { productRequest } from '#domain/goods/product.js';
import { productKey } from '#domain/gs1/item-key.js';
import { parsePercent } from '#domain/quantity/mass.js';
import { at } from '#domain/shape.js';
import { oneOfWords, readComponents, readCountry, readGtin, readList, readYesNo } from './cell-values.js';
import type { Column, ImportKind, ProductEntry, RowValues } from './import-kind.js';

const asWritten = (text: string): string => text;

const RISK = oneOfWords({ 'thap': 'low', 'low': 'low', 'trung binh': 'medium', 'medium': 'medium', 'cao': 'high', 'high': 'high' });
const SIGNAL_WORD = oneOfWords({ 'nguy hiem': 'danger', 'danger': 'danger', 'canh bao': 'warning', 'warning': 'warning' });

const required = { required: true } as const;
const optional = { required: false } as const;

const COLUMNS: readonly Column[] = [
  { field: 'gtin', vi: 'Mã GTIN', en: 'GTIN', also: ['mã vạch', 'mã sản phẩm', 'barcode'], ...required, example: '09520000000011', read: readGtin },
  { field: 'name', vi: 'Tên sản phẩm', en: 'Product name', also: ['tên', 'name'], ...required, example: 'Trà xanh Shan tuyết', read: asWritten },
  { field: 'nameEn', vi: 'Tên tiếng Anh', en: 'English name', ...optional, example: 'Shan green tea', read: asWritten },
  { field: 'brand', vi: 'Nhãn hiệu', en: 'Brand', also: ['thương hiệu'], ...optional, example: 'Shan', read: asWritten },
  { field: 'producer.name', vi: 'Tên nhà sản xuất', en: 'Producer name', also: ['nhà sản xuất', 'producer'], ...required, example: 'Hợp tác xã Chè Ví Dụ', read: asWritten },
  { field: 'producer.address', vi: 'Địa chỉ nhà sản xuất', en: 'Producer address', ...required, example: 'Bản Ví Dụ, Lào Cai', read: asWritten },
  { field: 'importer.name', vi: 'Tên nhà nhập khẩu', en: 'Importer name', also: ['nhà nhập khẩu', 'importer'], ...optional, example: '', read: asWritten },
  { field: 'importer.address', vi: 'Địa chỉ nhà nhập khẩu', en: 'Importer address', ...optional, example: '', read: asWritten },
  { field: 'origin', vi: 'Xuất xứ', en: 'Country of origin', also: ['nước xuất xứ', 'origin'], ...required, example: 'VN', read: readCountry },
  { field: 'netQuantity', vi: 'Khối lượng tịnh', en: 'Net quantity', also: ['định lượng', 'quy cách'], ...optional, example: '100 g', read: asWritten },
  { field: 'standards', vi: 'Tiêu chuẩn', en: 'Standards', ...optional, example: 'TCVN 9740:2013', read: readList },
  { field: 'warnings', vi: 'Cảnh báo', en: 'Warnings', also: ['thông tin cảnh báo'], ...optional, example: 'Bảo quản nơi khô ráo', read: readList },
  { field: 'expires', vi: 'Có hạn sử dụng', en: 'Has expiry date', also: ['có hạn dùng', 'expires'], ...required, example: 'có', read: readYesNo },
  { field: 'risk', vi: 'Mức rủi ro', en: 'Risk', also: ['rủi ro'], ...required, example: 'trung bình', read: RISK },
  { field: 'image', vi: 'Ảnh (SHA-256)', en: 'Image (SHA-256)', also: ['ảnh', 'image'], ...optional, example: '', read: asWritten },
  { field: 'hazard.signalWord', vi: 'Từ cảnh báo GHS', en: 'GHS signal word', also: ['signal word'], ...optional, example: '', read: SIGNAL_WORD },
  { field: 'hazard.pictograms', vi: 'Hình đồ GHS', en: 'GHS pictograms', also: ['pictograms'], ...optional, example: '', read: (text) => readList(text.replace(/[\s,;]+/g, '|')) },
  { field: 'hazard.unNumber', vi: 'Số UN', en: 'UN number', ...optional, example: '', read: asWritten },
  { field: 'components', vi: 'Thành phần (chất:từ:đến)', en: 'Components (substance:least:most)', also: ['thành phần', 'components'], ...optional, example: '', read: readComponents },
];

/** Rows of one `goods:registerProducts`. */
const MOST_PRODUCTS = 500;

export const PRODUCTS: ImportKind<ProductEntry> = {
  name: 'products',
  columns: COLUMNS,
  entryOf: (values) => {
    const request = productRequest({ standards: [], warnings: [], ...nested(values) });
    request.components?.forEach(({ least, most }, index) => at(`components[${index}]`, () => {
      require(parsePercent(least) <= parsePercent(most), 'CONTENT_OUT_OF_RANGE', { field: 'least', least, most });
    }));
    return { kind: 'products', key: productKey(request.gtin), request };
  },
  batchRows: MOST_PRODUCTS,
  groupOf: () => '',
  batchGroups: 1,
  batchOf: (entries) => ({ transaction: 'goods:registerProducts', argument: canonicalJson({ products: entries.map(({ request }) => request as unknown as Json) }) }),
};

/** `producer.name` becomes `name` in `producer`. */
function nested(values: RowValues): Record<string, unknown> {
  const request: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(values)) {
    const [outer = '', inner] = field.split('.');
    if (inner === undefined) request[outer] = value;
    else request[outer] = { ...request[outer] as object | undefined, [inner]: value };
  }
  return request;
}
