/** The demonstration's happenings, told through the enterprise API alone: what it does, any enterprise can do. */
import { AUTHORITY, CAN, CAST, DRUM, PAINTER, SHOP, TEA, TEA_MAKER, TRADER, type CastMember } from './cast.js';
import type { ApiCaller, DemonstrationApi } from './api-caller.js';
import type { CredentialLandmarks } from './credential-story.js';

/** What there is to try afterwards. Keys of items are paths, e.g. `/01/09520000000011/21/…`. */
export interface Landmarks {
  readonly apiKeys: Readonly<Record<string, string>>;
  readonly onShelf: string;
  readonly sold: string;
  readonly recalled: string;
  readonly expired: string;
  readonly notYetOnSale: string;
  readonly stolen: string;
  readonly pallet: string;
  readonly can: string;
  readonly credentials: CredentialLandmarks;
}

const TODAY_LOT = 'SM26-11';
const RECALLED_LOT = 'SM26-08';
const OLD_LOT = 'SM24-01';
const CARTON = '095200000000000011';
const PALLET = '095200000000000028';

/**
 * Founds the register, registers goods, moves them, and leaves one thing in every state that a scan can show.
 *
 * @param onStep told what is done next, for a line of progress
 */
export async function tellStory(api: DemonstrationApi, onStep: (text: string) => void): Promise<Omit<Landmarks, 'credentials'>> {
  onStep('organisations and prefixes');
  const apiKeys: Record<string, string> = {};
  for (const member of CAST) apiKeys[member.id] = await found(api, member);
  const as = (member: CastMember): ApiCaller => api.withKey(apiKeys[member.id] ?? '');
  onStep('tea: product, lots, serials');
  const tea = await growTea(api, as(TEA_MAKER));
  onStep('tea: packed, shipped, received, sold');
  await sellTea(as(TEA_MAKER), as(SHOP), tea);
  onStep('acetone: lot, cans, licence, sale');
  const can = await sellAcetone(api, as(AUTHORITY), as(TRADER), as(PAINTER));
  return { apiKeys, ...tea.landmarks, can };
}

async function found(api: DemonstrationApi, member: CastMember): Promise<string> {
  const { prefix, ...organisation } = member;
  await api.operator.post('/v1/organisations', { ...organisation, fictional: 'yes' });
  if (prefix !== undefined) await api.operator.post(`/v1/organisations/${member.id}/prefixes`, { prefix });
  const { text } = await api.operator.post(`/v1/organisations/${member.id}/api-keys`, { label: 'demonstration' });
  return String(text);
}

interface Tea {
  readonly fresh: readonly string[];
  readonly landmarks: Omit<Landmarks, 'apiKeys' | 'can' | 'credentials'>;
}

const item = (gtin: string, serial: string | undefined): string => `/01/${gtin}/21/${serial ?? ''}`;

async function growTea(api: DemonstrationApi, maker: ApiCaller): Promise<Tea> {
  const { digest } = await maker.upload('/v1/media', await api.photo('tea'), 'image/jpeg');
  await maker.post('/v1/products', { ...TEA, image: digest });
  const fresh = await openLot(maker, { lot: TODAY_LOT, producedOn: '2026-11-02', expiresOn: '2028-11-01' }, { count: 24, commissioned: 20 });
  const recalled = await openLot(maker, { lot: RECALLED_LOT, producedOn: '2026-08-05', expiresOn: '2028-08-04' }, { count: 4, commissioned: 4 });
  const old = await openLot(maker, { lot: OLD_LOT, producedOn: '2024-01-10', expiresOn: '2026-01-09' }, { count: 2, commissioned: 2 });
  await maker.post(`/v1/products/${TEA.gtin}/lots/${RECALLED_LOT}/recall`, {
    reason: 'Hộp bị hở, chè có thể bị ẩm', instruction: 'Mang hộp chè đến nơi mua để được hoàn tiền',
  });
  const [shelf, sold, , , , , , , , , , stolen] = fresh;
  return {
    fresh,
    landmarks: {
      onShelf: item(TEA.gtin, shelf), sold: item(TEA.gtin, sold), recalled: item(TEA.gtin, recalled[0]), expired: item(TEA.gtin, old[0]),
      notYetOnSale: item(TEA.gtin, fresh[22]), stolen: item(TEA.gtin, stolen), pallet: `/00/${PALLET}`,
    },
  };
}

/** Opens a lot, orders `count` serials, commissions the first of them; the rest stay printed labels. */
async function openLot(maker: ApiCaller, lot: { lot: string; producedOn: string; expiresOn: string }, { count, commissioned }: { count: number; commissioned: number }): Promise<string[]> {
  await maker.post(`/v1/products/${TEA.gtin}/lots`, { ...lot, province: TEA_MAKER.province });
  const { id } = await maker.post(`/v1/products/${TEA.gtin}/lots/${lot.lot}/serials`, { count });
  const answer = await maker.get(`/v1/serial-orders/${String(id)}/serials`) as { serials: { serial: string }[] };
  const serials = answer.serials.map((one) => one.serial);
  await maker.post(`/v1/products/${TEA.gtin}/lots/${lot.lot}/commission`, { serials: serials.slice(0, commissioned) });
  return serials;
}

/** Ten in a carton on a pallet; the shop finds one short and one damaged, and sells one. */
async function sellTea(maker: ApiCaller, shop: ApiCaller, tea: Tea): Promise<void> {
  const boxes = tea.fresh.slice(0, 10).map((serial) => item(TEA.gtin, serial));
  const [, sold, short, damaged] = boxes;
  await maker.post('/v1/packings', { unit: CARTON, items: boxes });
  await maker.post('/v1/packings', { unit: PALLET, items: [`/00/${CARTON}`] });
  await maker.post('/v1/shipments', { number: 'GH-0001', to: SHOP.id, items: [`/00/${PALLET}`] });
  await shop.post(`/v1/shipments/${TEA_MAKER.id}/GH-0001/receipt`, { received: [`/00/${PALLET}`], short: [short], damaged: [damaged], over: [] });
  await shop.post('/v1/unpackings', { unit: PALLET });
  await shop.post('/v1/unpackings', { unit: CARTON });
  await shop.post('/v1/endings', { as: 'sold', items: [sold] });
  await maker.post('/v1/reports', { as: 'stolen', items: [tea.landmarks.stolen], reason: 'Mất khi vận chuyển nội bộ' });
}

/** A drum lot of 200 kg into eight cans; the painter's licence pays for two of them. */
async function sellAcetone(api: DemonstrationApi, authority: ApiCaller, trader: ApiCaller, painter: ApiCaller): Promise<string> {
  for (const [product, photo] of [[DRUM, 'acetone-drum'], [CAN, 'acetone-can']] as const) {
    const { digest } = await trader.upload('/v1/media', await api.photo(photo), 'image/jpeg');
    await trader.post('/v1/products', { ...product, image: digest });
  }
  await authority.post('/v1/licences', licence('GP-2026-0101', TRADER.id, '500000'));
  await authority.post('/v1/licences', licence('GP-2026-0202', PAINTER.id, '60'));
  await trader.post(`/v1/products/${DRUM.gtin}/lots`, {
    lot: 'AX26-114', producedOn: '2026-11-03', province: TRADER.province, bulk: { mass: '200', components: [{ substance: 'acetone', content: '99.5' }] },
  });
  const cans = Array.from({ length: 8 }, (_, index) => ({ gtin: CAN.gtin, serial: `AX114C${index + 1}`, mass: index === 7 ? '24.8' : '25' }));
  await trader.post('/v1/splits', { from: `/01/${DRUM.gtin}/10/AX26-114`, into: cans, remaining: '0', loss: '0.2', lossReason: 'Bay hơi khi chiết' });
  const sold = cans.slice(0, 2).map((can) => item(CAN.gtin, can.serial));
  await trader.post('/v1/shipments', { number: 'BM-0001', to: PAINTER.id, items: sold });
  await painter.post(`/v1/shipments/${TRADER.id}/BM-0001/receipt`, { received: sold, short: [], damaged: [], over: [] });
  return sold[0] ?? '';
}

function licence(id: string, holder: string, perYear: string): Readonly<Record<string, unknown>> {
  return {
    id, number: `${id}/GP-MP`, holder, validFrom: '2026-01-01', validTo: '2030-12-31',
    lines: [{ line: '1', substance: 'acetone', least: '5', most: '100', perYear }],
  };
}
