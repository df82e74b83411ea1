/** People, firms and goods that do not exist, under GS1's example prefix 952 (`domain.md` 6). */
import type { Caller } from '#domain/access.js';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Role } from '#domain/transactions.js';
import type { ContractWorld } from './contract-world.js';

const caller = (msp: string, role: Role, organisation: string): Caller => ({ msp, role, organisation: organisation as OrganisationId });

export const registrar = caller('RegulatorMSP', 'registrar', 'so-dang-ky');
export const authority = caller('RegulatorMSP', 'authority', 'cuc-hoa-chat');
export const inspector = caller('RegulatorMSP', 'inspector', 'thi-truong');
export const maker = caller('IndustryMSP', 'enterprise', 'tra-shan');
export const shop = caller('IndustryMSP', 'enterprise', 'cua-hang-sao');
export const trader = caller('IndustryMSP', 'enterprise', 'hoa-chat-ban-mai');
export const buyer = caller('IndustryMSP', 'enterprise', 'son-cau-vong');
export const reader = caller('IndustryMSP', 'reader', 'tra-shan');

export const PREFIX = { 'tra-shan': '952000', 'hoa-chat-ban-mai': '952100', 'cua-hang-sao': '952200', 'son-cau-vong': '952300' } as const;

/** A GTIN-14 under a prefix, e.g. `gtin('952000', 1)`. */
export function gtin(prefix: string, item: number): string {
  const digits = `0${prefix}${String(item).padStart(12 - prefix.length, '0')}`;
  return digits + checkDigitOf(digits);
}

/** An SSCC under a prefix. */
export function sscc(prefix: string, unit: number): string {
  const digits = `0${prefix}${String(unit).padStart(16 - prefix.length, '0')}`;
  return digits + checkDigitOf(digits);
}

export const TEA = gtin(PREFIX['tra-shan'], 1);
export const ACETONE_DRUM = gtin(PREFIX['hoa-chat-ban-mai'], 1);
export const ACETONE_CAN = gtin(PREFIX['hoa-chat-ban-mai'], 2);

const ORGANISATIONS = [
  { id: 'so-dang-ky', type: 'registrar', name: 'Sổ đăng ký thử nghiệm', address: 'Hà Nội', province: '01' },
  { id: 'cuc-hoa-chat', type: 'authority', name: 'Cục Hóa chất (thử nghiệm)', address: 'Hà Nội', province: '01' },
  { id: 'thi-truong', type: 'authority', name: 'Quản lý thị trường (thử nghiệm)', address: 'Hà Nội', province: '01' },
  { id: 'tra-shan', type: 'enterprise', name: 'Hợp tác xã Trà Shan Mây', address: 'Bản Mây, Lào Cai', province: '15' },
  { id: 'cua-hang-sao', type: 'enterprise', name: 'Cửa hàng Sao Mai', address: '12 Phố Mới, Hà Nội', province: '01' },
  { id: 'hoa-chat-ban-mai', type: 'enterprise', name: 'Hóa chất Ban Mai', address: 'KCN Bình Minh, Đồng Nai', province: '75' },
  { id: 'son-cau-vong', type: 'enterprise', name: 'Sơn Cầu Vồng', address: 'KCN Phù Sa, TP. Hồ Chí Minh', province: '79' },
] as const;

export const tea = {
  gtin: TEA, name: 'Trà Shan tuyết 100 g', brand: 'Shan Mây', image: 'a'.repeat(64),
  producer: { name: 'Hợp tác xã Trà Shan Mây', address: 'Bản Mây, Lào Cai' },
  origin: 'VN', standards: ['TCCS 01:2026'], warnings: [], netQuantity: '100 g', expires: true, risk: 'low',
} as const;

export const acetone = (number: string, name: string) => ({
  gtin: number, name,
  producer: { name: 'Hóa chất Ban Mai', address: 'KCN Bình Minh, Đồng Nai' },
  origin: 'VN', standards: ['TCCS 02:2026'], warnings: ['Chất lỏng dễ cháy'], expires: false, risk: 'high',
  hazard: { signalWord: 'danger', pictograms: ['GHS02', 'GHS07'], unNumber: '1090' },
  components: [{ substance: 'acetone', least: '95', most: '100' }],
} as const);

/** Registers everybody and their prefixes. */
export async function foundRegistry(world: ContractWorld): Promise<void> {
  for (const organisation of ORGANISATIONS) await world.call(registrar, 'registry:registerOrganisation', { ...organisation, fictional: 'yes' });
  for (const [organisation, prefix] of Object.entries(PREFIX)) await world.call(registrar, 'registry:grantPrefix', { organisation, prefix });
}

/** The tea and its lot. */
export async function openTeaLot(world: ContractWorld, lot = 'L26-001', expiresOn = '2027-12-31'): Promise<void> {
  if (world.read(`/01/${TEA}`, 'product') === undefined) await world.call(maker, 'goods:registerProduct', tea);
  await world.call(maker, 'goods:openLot', { gtin: TEA, lot, producedOn: '2026-11-01', expiresOn, province: '15' });
}

/** Two acetone products, a bulk of 200 kg at 98 %, and the trader's own licence. */
export async function openAcetoneLot(world: ContractWorld, lot = 'AC-01', mass = '200'): Promise<void> {
  if (world.read(`/01/${ACETONE_DRUM}`, 'product') === undefined) {
    await world.call(trader, 'goods:registerProduct', acetone(ACETONE_DRUM, 'Axeton phuy 200 kg'));
    await world.call(trader, 'goods:registerProduct', acetone(ACETONE_CAN, 'Axeton can 25 kg'));
    await grantLicence(world, 'GP-BAN-MAI', trader, '1000000');
  }
  await world.call(trader, 'goods:openLot', { gtin: ACETONE_DRUM, lot, producedOn: '2026-11-01', province: '75', bulk: { mass, components: [{ substance: 'acetone', content: '98' }] } });
}

export async function grantLicence(world: ContractWorld, id: string, holder: Caller, perYear: string, until = '2027-12-31'): Promise<void> {
  await world.call(authority, 'chemical:recordLicence', {
    id, number: `${id}/GP-HC`, holder: holder.organisation, validFrom: '2026-01-01', validTo: until,
    lines: [{ line: '1', substance: 'acetone', least: '5', most: '100', perYear }],
  });
}

/** e.g. `serial(TEA, 'S1')`. */
export const serial = (of: string, number: string): string => `/01/${of}/21/${number}`;
