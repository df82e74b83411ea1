/** A captured EPCIS event → the one ledger transaction that it asks for. */
import type { Json } from '../canonical-json.js';
import { Problem, require } from '../errors.js';
import { lotMeasure, lotRelease } from '../goods/lot.js';
import { commissionRequest, endRequest, holdRequest, packRequest, receiveRequest, recoverRequest, releaseRequest, reportRequest, shipRequest, unpackRequest } from '../goods/requests.js';
import type { OrganisationId } from '../registry/organisation.js';
import type { Shape } from '../shape.js';
import type { TransactionName } from '../transactions.js';
import type { CapturedEvent } from './captured-event.js';
import { requireKind, type NamedThing } from './epc.js';
import type { Step } from './event-record.js';
import { organisationUri } from './own-uris.js';
import { partyIn, provinceIn, shipmentIn, type Directory } from './parties.js';
import { stepSaid } from './step-said.js';

/** One step of `goods:capture`. */
export interface CaptureStep {
  readonly transaction: TransactionName;
  readonly request: Json;
}

interface Told {
  readonly captured: CapturedEvent;
  readonly step: Step;
  readonly by: OrganisationId;
  readonly directory: Directory;
}

type Fields = Readonly<Record<string, Json | undefined>>;

interface Translation {
  readonly transaction: TransactionName;
  /** The contract's own shape: what it would refuse is refused here. */
  readonly shape: Shape<unknown>;
  readonly fields: (told: Told) => Fields;
  /** Members of the event, beyond what all have, that the translation uses. */
  readonly uses: readonly string[];
}

const HAND_OVER = ['bizTransactionList', 'sourceList', 'destinationList'];
const REASON = ['minhchung:reason'];

const ending = (as: string): Translation => ({
  transaction: 'goods:end', shape: endRequest, uses: REASON,
  fields: (told) => ({ as, items: movables(told), ...optionalReason(told), ...occasion(told) }),
});

const loss = (as: string): Translation => ({
  transaction: 'goods:report', shape: reportRequest, uses: REASON,
  fields: (told) => ({ as, items: movables(told), reason: reason(told), ...occasion(told) }),
});

const lotAct = (transaction: TransactionName, shape: Shape<unknown>, extra: (told: Told) => Fields = () => ({})): Translation => ({
  transaction, shape, uses: [...REASON, 'minhchung:instruction'],
  fields: (told) => ({ ...oneLot(told), reason: reason(told), ...extra(told) }),
});

const instruction = ({ captured }: Told): Fields => ({ instruction: stated(captured, 'minhchung:instruction') });

const TRANSLATIONS: Partial<Readonly<Record<Step, Translation>>> = {
  'commission': { transaction: 'goods:commission', shape: commissionRequest, uses: ['ilmd'], fields: commission },
  'pack': { transaction: 'goods:pack', shape: packRequest, uses: [], fields: (told) => ({ unit: parentOf(told), items: movables(told), ...occasion(told) }) },
  'unpack': { transaction: 'goods:unpack', shape: unpackRequest, uses: [], fields: (told) => ({ unit: parentOf(told), ...someItems(told), ...occasion(told) }) },
  'ship': { transaction: 'goods:ship', shape: shipRequest, uses: HAND_OVER, fields: ship },
  'receive': { transaction: 'goods:receive', shape: receiveRequest, uses: [...HAND_OVER, 'minhchung:difference'], fields: receive },
  'sold': ending('sold'),
  'used': ending('used'),
  'decommissioned': ending('decommissioned'),
  'destroyed': ending('destroyed'),
  'lost': loss('lost'),
  'stolen': loss('stolen'),
  'recover': { transaction: 'goods:recover', shape: recoverRequest, uses: REASON, fields: (told) => ({ items: movables(told), reason: reason(told), ...occasion(told) }) },
  'hold': { transaction: 'goods:hold', shape: holdRequest, uses: [...REASON, 'minhchung:cause'], fields: hold },
  'release': { transaction: 'goods:release', shape: releaseRequest, uses: REASON, fields: (told) => ({ items: movables(told), reason: reason(told), ...occasion(told) }) },
  'recall': lotAct('goods:recallLot', lotMeasure, instruction),
  'end-recall': lotAct('goods:endRecall', lotRelease),
  'suspend': lotAct('goods:suspendLot', lotMeasure, instruction),
  'release-lot': lotAct('goods:releaseLot', lotRelease),
};

/**
 * @param captured by `readEvent`
 * @param by the organisation that captures: the contract will take it for the one who acts
 * @returns e.g. `{ transaction: 'goods:pack', request: { unit: '095200000000000011', items: ['/01/…/21/…'], happenedAt: '…' } }`
 * @throws Problem EPCIS_OPERATION_UNSUPPORTED and the other EPCIS_… codes; FIELD_MISSING for `minhchung:reason` and the
 *   like; the codes of the contract's own shapes
 */
export function stepOf(captured: CapturedEvent, by: OrganisationId, directory: Directory): CaptureStep {
  const step = stepSaid(captured);
  const translation = TRANSLATIONS[step];
  if (translation === undefined) throw new Problem('EPCIS_OPERATION_UNSUPPORTED', { field: 'bizStep', step });
  refuseUnused(captured, translation);
  const recorder = captured.extension['minhchung:recordedBy'];
  require(recorder === undefined || recorder === organisationUri(by), 'EPCIS_PARTY_OTHER', { field: 'minhchung:recordedBy', by });
  const request = withoutGaps(translation.fields({ captured, step, by, directory }));
  checkRequest(translation.shape, request);
  return { transaction: translation.transaction, request };
}

/** Members of a request whose values come from the event as they are, under other names. */
const EVENT_FIELD: Readonly<Record<string, string>> = {
  number: 'bizTransactionList[0].bizTransaction', lot: 'ilmd.cbvmda:lotNumber', cause: 'minhchung:cause',
  received: 'epcList', short: 'minhchung:difference.minhchung:short', damaged: 'minhchung:difference.minhchung:damaged', over: 'minhchung:difference.minhchung:over',
};

function checkRequest(shape: Shape<unknown>, request: Json): void {
  try {
    shape(request);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const [name = '', rest = ''] = (error.fields['field'] ?? '').split(/(?=\[)/, 2);
    throw new Problem(error.code, { ...error.fields, field: (EVENT_FIELD[name] ?? name) + rest });
  }
}

const SOMETIMES_USED = ['ilmd', 'bizTransactionList', 'sourceList', 'destinationList', 'minhchung:reason', 'minhchung:instruction', 'minhchung:cause', 'minhchung:difference'] as const;

/** What this operation has no place for is refused, not passed over. */
function refuseUnused({ event }: CapturedEvent, { uses }: Translation): void {
  const field = SOMETIMES_USED.find((name) => event[name] !== undefined && !uses.includes(name));
  require(field === undefined, 'EPCIS_FIELD_UNSUPPORTED', { field: field ?? '' });
}

function withoutGaps(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function occasion({ captured, directory }: Told): Fields {
  return { happenedAt: captured.event.eventTime, province: provinceIn(captured, directory) };
}

function stated(captured: CapturedEvent, name: 'minhchung:reason' | 'minhchung:instruction' | 'minhchung:cause'): string {
  const value = captured.extension[name];
  require(value !== undefined, 'FIELD_MISSING', { field: name });
  return value;
}

const reason = ({ captured }: Told): string => stated(captured, 'minhchung:reason');

const optionalReason = ({ captured }: Told): Fields => ({ reason: captured.extension['minhchung:reason'] });

function movables({ captured }: Told): string[] {
  for (const thing of captured.things) requireKind(thing, 'serial', 'unit');
  return captured.things.map(({ key }) => key);
}

function someItems(told: Told): Fields {
  return told.captured.things.length === 0 ? {} : { items: movables(told) };
}

function parentOf({ captured }: Told): string {
  if (captured.parent === undefined) throw new Problem('FIELD_MISSING', { field: 'parentID' });
  return requireKind(captured.parent, 'unit').sscc;
}

/** One product, one lot: the lot stands in the master data, in the links, or in both alike. */
function commission(told: Told): Fields {
  const serials = told.captured.things.map((thing) => requireKind(thing, 'serial'));
  const gtins = new Set(serials.map(({ gtin }) => gtin));
  const lots = new Set([told.captured.lotNumber, ...told.captured.things.map(({ lot }) => lot)].filter((lot) => lot !== undefined));
  require(gtins.size === 1 && lots.size <= 1, 'EPCIS_PRODUCTS_DIFFER', { field: 'epcList' });
  const [lot] = lots;
  require(lot !== undefined, 'EPCIS_LOT_MISSING', { field: 'ilmd' });
  return { gtin: [...gtins][0], lot, serials: serials.map(({ serial }) => serial), ...occasion(told) };
}

function ship(told: Told): Fields {
  const { captured: { event }, by, directory } = told;
  const { from, number } = shipmentIn(event, directory);
  requireSelf(partyIn(event, 'sourceList', directory) ?? from, by, 'sourceList');
  requireSelf(from, by, 'bizTransactionList');
  const to = partyIn(event, 'destinationList', directory);
  require(to !== undefined, 'EPCIS_PARTY_MISSING', { field: 'destinationList' });
  return { number, to, items: movables(told), ...occasion(told) };
}

function requireSelf(party: OrganisationId, by: OrganisationId, field: string): void {
  require(party === by, 'EPCIS_PARTY_OTHER', { field, party, by });
}

/** The event lists what arrived, whole or damaged; what did not, and what came besides, stands in the difference. */
function receive(told: Told): Fields {
  const { captured: { event, extension }, by, directory } = told;
  const { from, number } = shipmentIn(event, directory);
  const source = partyIn(event, 'sourceList', directory) ?? from;
  require(source === from, 'EPCIS_PARTIES_DIFFER', { field: 'sourceList' });
  requireSelf(partyIn(event, 'destinationList', directory) ?? by, by, 'destinationList');
  const { 'minhchung:short': short = [], 'minhchung:damaged': damaged = [], 'minhchung:over': over = [] } = extension['minhchung:difference'] ?? {};
  const broken = new Set<string>(damaged.map(({ key }) => key));
  return {
    from, number,
    received: movables(told).filter((item) => !broken.has(item)),
    short: keysOf(short), damaged: keysOf(damaged), over: keysOf(over),
    ...occasion(told),
  };
}

const keysOf = (things: readonly NamedThing[]): string[] => things.map(({ key }) => key);

function hold(told: Told): Fields {
  const damaged = told.captured.event.disposition === 'damaged';
  const cause = damaged ? told.captured.extension['minhchung:cause'] ?? 'damaged' : stated(told.captured, 'minhchung:cause');
  require(!damaged || cause === 'damaged', 'FIELD_WRONG_VALUE', { field: 'minhchung:cause', expected: 'damaged' });
  return { items: movables(told), cause, reason: reason(told), ...occasion(told) };
}

function oneLot({ captured }: Told): Fields {
  const [named, ...more] = captured.classes;
  require(named !== undefined && more.length === 0, 'EPCIS_PRODUCTS_DIFFER', { field: 'quantityList' });
  const { gtin, lot } = requireKind(named, 'lot');
  const { readPoint, bizLocation } = captured.event;
  const placed = readPoint !== undefined || bizLocation !== undefined || captured.extension['minhchung:province'] !== undefined;
  require(!placed, 'EPCIS_FIELD_UNSUPPORTED', { field: readPoint === undefined ? 'bizLocation' : 'readPoint' });
  return { gtin, lot };
}
