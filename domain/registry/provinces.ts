/** The 34 provinces and cities of Quyết định 19/2025/QĐ-TTg by their two-digit codes. */
import { Problem } from '../errors.js';

const NAMES = {
  '01': 'Hà Nội', '04': 'Cao Bằng', '08': 'Tuyên Quang', '11': 'Điện Biên', '12': 'Lai Châu', '14': 'Sơn La',
  '15': 'Lào Cai', '19': 'Thái Nguyên', '20': 'Lạng Sơn', '22': 'Quảng Ninh', '24': 'Bắc Ninh', '25': 'Phú Thọ',
  '31': 'Hải Phòng', '33': 'Hưng Yên', '37': 'Ninh Bình', '38': 'Thanh Hóa', '40': 'Nghệ An', '42': 'Hà Tĩnh',
  '44': 'Quảng Trị', '46': 'Huế', '48': 'Đà Nẵng', '51': 'Quảng Ngãi', '52': 'Gia Lai', '56': 'Khánh Hòa',
  '66': 'Đắk Lắk', '68': 'Lâm Đồng', '75': 'Đồng Nai', '79': 'TP. Hồ Chí Minh', '80': 'Tây Ninh', '82': 'Đồng Tháp',
  '86': 'Vĩnh Long', '91': 'An Giang', '92': 'Cần Thơ', '96': 'Cà Mau',
} as const;

export type ProvinceCode = keyof typeof NAMES;

/** @throws Problem PROVINCE_UNKNOWN for anything but one of the 34 codes, e.g. `01` */
export function parseProvince(text: string): ProvinceCode {
  if (!Object.hasOwn(NAMES, text)) throw new Problem('PROVINCE_UNKNOWN', { value: text.slice(0, 10) });
  return text as ProvinceCode;
}

/** e.g. `01` → `Hà Nội`. */
export function provinceName(code: ProvinceCode): string {
  return NAMES[code];
}

/** Every code, in order. */
export const PROVINCE_CODES = Object.keys(NAMES).sort() as readonly ProvinceCode[];
