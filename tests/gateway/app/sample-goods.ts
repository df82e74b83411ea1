/** Requests that the stories are told with; numbers of GS1's demonstration range 952. */
export const TEA = '09520000000011';
export const DRUM = '09520001000010';
export const CAN = '09520001000027';

export const teaProduct = {
  gtin: TEA, name: 'Trà xanh Shan tuyết', brand: 'Shan', producer: { name: 'Hợp tác xã Chè Shan', address: 'Suối Giàng, Lào Cai' },
  origin: 'VN', standards: ['TCVN 9740:2013'], warnings: ['Bảo quản nơi khô mát'], netQuantity: '100 g', expires: true, risk: 'medium',
};

export const teaLot = { lot: 'LO26-001', producedOn: '2026-11-01', expiresOn: '2030-11-01', province: '15' };

export const acetone = (gtin: string, name: string): Record<string, unknown> => ({
  gtin, name, producer: { name: 'Hóa chất Đồng Nai', address: 'Biên Hòa' }, origin: 'VN', standards: [], warnings: ['Dễ cháy'],
  expires: false, risk: 'high', hazard: { signalWord: 'danger', pictograms: ['GHS02', 'GHS07'], unNumber: '1090' },
  components: [{ substance: 'acetone', least: '98', most: '99.9' }],
});

export const acetoneLot = { lot: 'AX-26', producedOn: '2026-10-01', province: '75', bulk: { mass: '200', components: [{ substance: 'acetone', content: '98.5' }] } };

export const serialKeyOf = (gtin: string, serial: string): string => `/01/${gtin}/21/${serial}`;
