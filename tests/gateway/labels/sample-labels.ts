/** Labels of goods that do not exist, under GS1's example prefix 952: plausible ones, and ones meant to break the layout. */
import type { GhsPictogram, ItemLabel, LabelJob, UnitLabel } from '../../../gateway/labels/label-job.js';
import type { MediaName } from '../../../gateway/labels/media.js';

export const HOST = 'id.example.vn';
export const STEM = `HTTPS://${HOST.toUpperCase()}`;
export const GTIN = '09520000000011';
export const SSCC = '095200000000000011';

/** Tea with a serial of its own; its link follows from lot and serial unless given. */
export function tea(number: number, changes: Partial<ItemLabel> = {}): ItemLabel {
  const lot = 'LO26-0417';
  const serial = `7QK2M9ZD${String(number).padStart(4, '0')}`;
  return {
    kind: 'item', gtin: GTIN, lot, serial, expiry: '2027-12-31', brand: 'Shan Mây', productName: 'Trà Shan tuyết cổ thụ Bản Mây',
    netQuantity: '100 g', link: `${STEM}/01/${GTIN}/10/${lot}/21/${serial}`, ...changes,
  };
}

/** Acid in a can, with so many pictograms. */
export function acid(number: number, pictograms: readonly GhsPictogram[] = ['GHS05', 'GHS07']): ItemLabel {
  return tea(number, {
    productName: 'Axit clohydric kỹ thuật 32 %', brand: 'Hóa chất Ban Mai', netQuantity: '25 kg',
    hazard: { signalWord: 'danger', pictograms, unNumber: '1789' },
  });
}

/** A pallet. */
export function pallet(changes: Partial<UnitLabel> = {}): UnitLabel {
  return {
    kind: 'unit', sscc: SSCC, link: `${STEM}/00/${SSCC}`, shipFrom: 'Hợp tác xã Trà Shan Mây, Bản Mây, Lào Cai',
    shipTo: 'Cửa hàng Sao Mai, 12 Phố Mới, Hà Nội', contents: '24 thùng × 12 gói Trà Shan tuyết 100 g', ...changes,
  };
}

/** Names that try to leave the label, run backwards, climb, hide or break the file. */
export const HOSTILE_NAMES: readonly string[] = [
  'W'.repeat(10_000),
  '\u202eĐẢO NGƯỢC\u202c <script>alert(1)</script>',
  `Ế${'\u0301\u0302\u0303\u0304\u0305'.repeat(40)} chồng dấu`,
  'aaa\u0000\u0007\u001b[31m\r\n\t(x) Tj ET Q q 9 0 0 9 0 0 cm',
  '中文 العربية עברית हिन्दी 😀👨‍👩‍👧‍👦 \ud800',
  '\u200b\u200d\ufeff x',
  'Một cái tên rất dài gồm rất nhiều từ ngắn nối tiếp nhau cho đến khi không còn chỗ nào trên tem nữa thì thôi',
  '))))\\\\\\((((',
];

/** A job of these labels, printed in Vietnamese. */
export function jobOf(media: MediaName, labels: LabelJob['labels'], changes: Partial<LabelJob> = {}): LabelJob {
  return { jobId: 'in-2026-11-20.001', media, host: HOST, language: 'vi', labels, ...changes };
}
