/** Steps of a journey and signs of danger, in words. */
import type { Step } from '#domain/epcis/event-record.js';
import type { ProductRecord } from '#domain/goods/product.js';
import { type Language, type Words, words } from './language.js';

const STEPS: Readonly<Record<Step, Words>> = {
  'open-lot': words('Mở lô', 'Lot opened'),
  commission: words('Gắn mã', 'Code put on the goods'),
  pack: words('Đóng vào kiện', 'Packed'),
  unpack: words('Lấy ra khỏi kiện', 'Unpacked'),
  ship: words('Gửi đi', 'Shipped'),
  receive: words('Nhận hàng', 'Received'),
  'cancel-shipment': words('Hủy chuyến hàng', 'Shipment cancelled'),
  sold: words('Bán cho người dùng', 'Sold to a consumer'),
  used: words('Đã dùng', 'Used'),
  decommissioned: words('Ngừng sử dụng mã', 'Code taken out of use'),
  destroyed: words('Tiêu hủy', 'Destroyed'),
  lost: words('Báo mất', 'Reported lost'),
  stolen: words('Báo mất cắp', 'Reported stolen'),
  recover: words('Tìm lại được', 'Found again'),
  hold: words('Tạm giữ', 'Put on hold'),
  release: words('Cho lưu hành lại', 'Released'),
  recall: words('Thu hồi lô', 'Lot recalled'),
  'end-recall': words('Kết thúc thu hồi', 'Recall ended'),
  suspend: words('Tạm dừng lô', 'Lot suspended'),
  'release-lot': words('Cho lô lưu hành lại', 'Lot released'),
  split: words('Chia nhỏ', 'Divided'),
  draw: words('Lấy ra dùng', 'Drawn from'),
};

type Pictogram = NonNullable<ProductRecord['hazard']>['pictograms'][number];

const PICTOGRAMS: Readonly<Record<Pictogram, Words>> = {
  GHS01: words('Nổ', 'Explosive'),
  GHS02: words('Dễ cháy', 'Flammable'),
  GHS03: words('Oxy hóa', 'Oxidising'),
  GHS04: words('Khí nén', 'Gas under pressure'),
  GHS05: words('Ăn mòn', 'Corrosive'),
  GHS06: words('Độc cấp tính', 'Toxic'),
  GHS07: words('Có hại, gây kích ứng', 'Harmful or irritant'),
  GHS08: words('Nguy hại sức khỏe', 'Health hazard'),
  GHS09: words('Nguy hại môi trường', 'Hazardous to the environment'),
};

const SIGNAL_WORDS: Readonly<Record<NonNullable<ProductRecord['hazard']>['signalWord'], Words>> = {
  danger: words('Nguy hiểm', 'Danger'),
  warning: words('Cảnh báo', 'Warning'),
};

/** Every step that there is. */
export const JOURNEY_STEPS = Object.keys(STEPS) as readonly Step[];

export function stepText(step: Step, language: Language): string {
  return STEPS[step][language];
}

/** What a GHS pictogram means, e.g. `GHS02` → `Flammable`. */
export function pictogramText(pictogram: Pictogram, language: Language): string {
  return PICTOGRAMS[pictogram][language];
}

/** GHS signal word. */
export function signalText(signal: keyof typeof SIGNAL_WORDS, language: Language): string {
  return SIGNAL_WORDS[signal][language];
}
