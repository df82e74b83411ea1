/** Who and what the demonstration is about. Fictional all of it, under GS1's example prefix 952; the substance is real. */

export interface CastMember {
  readonly id: string;
  readonly type: 'enterprise' | 'authority' | 'registrar' | 'institution';
  readonly name: string;
  readonly nameEn: string;
  readonly address: string;
  readonly province: string;
  readonly prefix?: string;
}

export const AUTHORITY: CastMember = {
  id: 'co-quan-cap-phep', type: 'authority',
  name: 'Cơ quan Cấp phép Hóa chất (mô phỏng)', nameEn: 'Chemical Licensing Office (simulated)',
  address: '1 Phố Mẫu, Hà Nội', province: '01',
};

export const TEA_MAKER: CastMember = {
  id: 'tra-shan-may', type: 'enterprise', prefix: '9520000',
  name: 'Hợp tác xã Trà Shan Mây', nameEn: 'Shan May Tea Cooperative',
  address: 'Bản Mây, Lào Cai', province: '15',
};

export const SHOP: CastMember = {
  id: 'sao-mai', type: 'enterprise', prefix: '9520111',
  name: 'Chuỗi cửa hàng Sao Mai', nameEn: 'Sao Mai Stores',
  address: '12 Phố Mới, Hà Nội', province: '01',
};

export const TRADER: CastMember = {
  id: 'hoa-chat-ban-mai', type: 'enterprise', prefix: '9520222',
  name: 'Công ty Hóa chất Ban Mai', nameEn: 'Ban Mai Chemicals',
  address: 'KCN Bình Minh, Đồng Nai', province: '75',
};

export const PAINTER: CastMember = {
  id: 'son-cau-vong', type: 'enterprise', prefix: '9520333',
  name: 'Công ty Sơn Cầu Vồng', nameEn: 'Cau Vong Paints',
  address: 'KCN Phù Sa, TP. Hồ Chí Minh', province: '79',
};

export const CAST: readonly CastMember[] = [AUTHORITY, TEA_MAKER, SHOP, TRADER, PAINTER];

export const TEA = {
  gtin: '09520000000011',
  name: 'Trà Shan tuyết Mây 100 g', nameEn: 'Shan Snow Tea 100 g', brand: 'Shan Mây',
  producer: { name: TEA_MAKER.name, address: TEA_MAKER.address },
  origin: 'VN', standards: ['TCCS 01:2026/SHANMAY'], warnings: ['Bảo quản nơi khô ráo, tránh ánh nắng'],
  netQuantity: '100 g', expires: true, risk: 'low',
} as const;

const acetone = {
  producer: { name: TRADER.name, address: TRADER.address },
  origin: 'VN', standards: ['TCCS 07:2026/BANMAI'],
  warnings: ['Chất lỏng và hơi rất dễ cháy', 'Gây kích ứng mắt nghiêm trọng'],
  expires: false, risk: 'high',
  hazard: { signalWord: 'danger', pictograms: ['GHS02', 'GHS07'], unNumber: '1090' },
  components: [{ substance: 'acetone', least: '95', most: '100' }],
} as const;

export const DRUM = { gtin: '09520222000011', name: 'Axeton kỹ thuật, phuy 200 kg', nameEn: 'Acetone, 200 kg drum', brand: 'Ban Mai', netQuantity: '200 kg', ...acetone } as const;
export const CAN = { gtin: '09520222000028', name: 'Axeton kỹ thuật, can 25 kg', nameEn: 'Acetone, 25 kg can', brand: 'Ban Mai', netQuantity: '25 kg', ...acetone } as const;
