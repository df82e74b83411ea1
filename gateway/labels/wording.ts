/** Every word that stands on a label or on its test page, in both languages. */
import type { HazardLabel, LabelLanguage } from './label-job.js';
import type { MediaName } from './media.js';

export type TestStep = 'scale' | 'rulers' | 'ruler' | 'corners' | 'patches' | 'scan' | 'count';

export interface LabelWords {
  readonly locale: string;
  readonly scan: string;
  readonly lot: string;
  readonly serial: string;
  readonly expires: string;
  readonly expiryCaption: string;
  readonly netQuantity: string;
  readonly signal: Readonly<Record<HazardLabel['signalWord'], string>>;
  readonly from: string;
  readonly to: string;
  readonly contents: string;
  readonly job: string;
  readonly page: string;
  readonly labels: string;
  readonly testPage: string;
  readonly testPageShort: string;
  readonly media: Readonly<Record<MediaName, string>>;
  readonly facts: { readonly media: string; readonly labels: string; readonly printer: string; readonly module: string; readonly belowRetail: string };
  /** What to do with the test page; `{host}` is the host to see on the phone. Sheets have two rulers and corner marks. */
  readonly steps: Readonly<Record<TestStep, string>>;
  readonly dots: string;
  readonly stepsShort: readonly string[];
  readonly rulerHint: string;
  readonly stripesHint: string;
  readonly contrastHint: string;
  readonly symbolHint: string;
  readonly tally: { readonly title: string; readonly printed: string; readonly applied: string; readonly spoiled: string; readonly returned: string; readonly rule: string };
}

const vi: LabelWords = {
  locale: 'vi-VN',
  scan: 'Quét để kiểm tra',
  lot: 'Số lô',
  serial: 'Số sê-ri',
  expires: 'HSD',
  expiryCaption: 'Hạn sử dụng',
  netQuantity: 'Định lượng',
  signal: { danger: 'NGUY HIỂM', warning: 'CẢNH BÁO' },
  from: 'Nơi gửi',
  to: 'Nơi nhận',
  contents: 'Hàng bên trong',
  job: 'Lệnh in',
  page: 'trang',
  labels: 'tem',
  testPage: 'Trang in thử',
  testPageShort: 'IN THỬ – KHÔNG DÁN',
  media: {
    'a4-24': 'A4, 24 tem 63,5 × 33,9\u00a0mm',
    'a4-40': 'A4, 40 tem 45,7 × 25,4\u00a0mm',
    'a4-65': 'A4, 65 tem 38,1 × 21,2\u00a0mm',
    'roll-60x40': 'Cuộn tem 60 × 40\u00a0mm',
    'a6-logistic': 'Tem A6 105 × 148\u00a0mm',
  },
  facts: {
    media: 'Loại giấy', labels: 'Số tem', printer: 'Máy in', module: 'Ô nhỏ nhất của mã QR',
    belowRetail: 'nhỏ hơn mức 0,396\u00a0mm cho quầy bán lẻ: chỉ quét gần',
  },
  steps: {
    scale: 'In đúng tỷ lệ 100\u00a0% (“Kích thước thực”). Không chọn “Vừa trang giấy”.',
    rulers: 'Đặt thước thật lên hai thước in: vạch 100 phải cách vạch 0 đúng 100\u00a0mm, sai không quá 0,5\u00a0mm.',
    ruler: 'Đặt thước thật lên thước in: vạch 80 phải cách vạch 0 đúng 80\u00a0mm, sai không quá 0,5\u00a0mm.',
    corners: 'Chồng trang này lên tờ tem rồi soi ra ánh sáng: các dấu góc phải trùng góc tem, lệch không quá 1\u00a0mm.',
    patches: 'Nhìn ô sọc: phải thấy từng vạch rời nhau. Nhìn dải đậm nhạt: ô 0 trắng hẳn, ô 100 đen đặc, không loang.',
    scan: 'Quét mã thử bằng điện thoại: phải hiện đúng tên miền {host}.',
    count: 'Dán xong, ghi số tem vào bảng đối chiếu bên dưới và lưu trang này.',
  },
  dots: 'điểm in',
  stepsShort: ['In 100\u00a0%, không co giãn.', 'Thước phải đúng 50\u00a0mm.', 'Các vạch phải rời nhau.', 'Quét mã, phải hiện tên miền:'],
  rulerHint: 'Thước mm, tỷ lệ 1:1',
  stripesHint: 'Vạch rộng bằng ô nhỏ nhất',
  contrastHint: 'Độ đậm (%)',
  symbolHint: 'Mã quét thử',
  tally: {
    title: 'Đối chiếu số tem', printed: 'Đã in', applied: 'Đã dán', spoiled: 'Hỏng', returned: 'Trả lại',
    rule: 'Đã in = Đã dán + Hỏng + Trả lại',
  },
};

const en: LabelWords = {
  locale: 'en-GB',
  scan: 'Scan to check',
  lot: 'Lot',
  serial: 'Serial',
  expires: 'EXP',
  expiryCaption: 'Expiry date',
  netQuantity: 'Net quantity',
  signal: { danger: 'DANGER', warning: 'WARNING' },
  from: 'Ship from',
  to: 'Ship to',
  contents: 'Contents',
  job: 'Print job',
  page: 'page',
  labels: 'labels',
  testPage: 'Print test page',
  testPageShort: 'TEST PRINT – DO NOT APPLY',
  media: {
    'a4-24': 'A4, 24 labels of 63.5 × 33.9\u00a0mm',
    'a4-40': 'A4, 40 labels of 45.7 × 25.4\u00a0mm',
    'a4-65': 'A4, 65 labels of 38.1 × 21.2\u00a0mm',
    'roll-60x40': 'Roll, labels of 60 × 40\u00a0mm',
    'a6-logistic': 'A6 label, 105 × 148\u00a0mm',
  },
  facts: {
    media: 'Media', labels: 'Labels', printer: 'Printer', module: 'Smallest module of the QR code',
    belowRetail: 'below the 0.396\u00a0mm of retail: to be scanned close up',
  },
  steps: {
    scale: 'Print at 100\u00a0% (“Actual size”). Do not choose “Fit to page”.',
    rulers: 'Lay a real ruler on both printed ones: mark 100 must be 100\u00a0mm from mark 0, within 0.5\u00a0mm.',
    ruler: 'Lay a real ruler on the printed one: mark 80 must be 80\u00a0mm from mark 0, within 0.5\u00a0mm.',
    corners: 'Lay this page on a sheet of labels and hold both to the light: the corner marks must meet the corners of the labels within 1\u00a0mm.',
    patches: 'Look at the stripes: each line must stand apart. Look at the shades: 0 is clean white, 100 is solid black without smears.',
    scan: 'Scan the test code with a phone: it must show the host {host}.',
    count: 'When the labels are applied, fill in the count below and keep this page.',
  },
  dots: 'dots',
  stepsShort: ['Print at 100\u00a0%, no scaling.', 'The ruler must be 50\u00a0mm.', 'Lines must stand apart.', 'Scan the code; it must show:'],
  rulerHint: 'Ruler in mm, 1:1',
  stripesHint: 'Lines as wide as the smallest module',
  contrastHint: 'Shade (%)',
  symbolHint: 'Test code',
  tally: {
    title: 'Count of labels', printed: 'Printed', applied: 'Applied', spoiled: 'Spoiled', returned: 'Returned',
    rule: 'Printed = Applied + Spoiled + Returned',
  },
};

export const LABEL_WORDS: Readonly<Record<LabelLanguage, LabelWords>> = { vi, en };

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A day as the reader writes it; in English with the month's name, because 03/04 is two days.
 *
 * @param day `2027-12-31`
 * @returns `31/12/2027` or `31 Dec 2027`
 */
export function dayInWords(day: string, language: LabelLanguage): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return language === 'vi' ? `${date}/${month}/${year}` : `${date} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** A count with the language's thousands separator, e.g. `1.284` or `1,284`. */
export function countInWords(count: number, language: LabelLanguage): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, language === 'vi' ? '.' : ',');
}

/** Millimetres with three decimals, e.g. `0,423 mm`. */
export function millimetresInWords(length: number, language: LabelLanguage): string {
  const digits = length.toFixed(3);
  return `${language === 'vi' ? digits.replace('.', ',') : digits}\u00a0mm`;
}
