/**
 * The life of one thing that moves: a serial or a logistic unit. State is the fold of what happened to it; each rule
 * is decided here once, for the contracts, the gateway's preview and the tests.
 */
import { Problem, require } from '../errors.js';
import type { ItemKey } from '../gs1/item-key.js';
import type { Instant } from '../instant.js';
import type { OrganisationId } from '../registry/organisation.js';
import type { ProvinceCode } from '../registry/provinces.js';

/** Why a thing may not move: ordered by its maker or an authority, or found on arrival. */
export interface Hold {
  readonly cause: 'suspended' | 'quarantined' | 'seized' | 'damaged';
  readonly reason: string;
  readonly by: OrganisationId;
  readonly at: Instant;
}

/** How a thing left circulation. */
export type Ending = 'sold' | 'used' | 'decommissioned' | 'destroyed';

/** Where a thing is in its life and who answers for it. */
export type Custody =
  | { readonly state: 'in-stock'; readonly holder: OrganisationId; readonly parent?: ItemKey; readonly hold?: Hold }
  | { readonly state: 'in-transit'; readonly holder: OrganisationId; readonly shipment: string; readonly hold?: Hold }
  | { readonly state: 'missing' | 'lost' | 'stolen'; readonly holder: OrganisationId; readonly at: Instant; readonly province: ProvinceCode }
  | { readonly state: Ending; readonly holder: OrganisationId; readonly at: Instant; readonly province: ProvinceCode };

export type ItemCommand =
  | { readonly do: 'pack'; readonly by: OrganisationId; readonly into: ItemKey }
  | { readonly do: 'unpack'; readonly by: OrganisationId; readonly from: ItemKey }
  | { readonly do: 'ship'; readonly by: OrganisationId; readonly shipment: string }
  | { readonly do: 'receive'; readonly by: OrganisationId; readonly shipment: string; readonly damage?: Hold }
  | { readonly do: 'miss'; readonly shipment: string; readonly at: Instant; readonly province: ProvinceCode }
  | { readonly do: 'return-to-sender'; readonly shipment: string }
  | { readonly do: 'end'; readonly by: OrganisationId; readonly as: Ending; readonly at: Instant; readonly province: ProvinceCode }
  | { readonly do: 'report'; readonly by: OrganisationId; readonly as: 'lost' | 'stolen'; readonly at: Instant; readonly province: ProvinceCode }
  | { readonly do: 'recover'; readonly by: OrganisationId }
  | { readonly do: 'hold'; readonly hold: Hold }
  | { readonly do: 'release' };

/** What happened: the command, once it was found allowed. */
export type ItemEvent = ItemCommand;

/** A thing new on the ledger stands with whoever made it known. */
export const commissioned = (holder: OrganisationId): Custody => ({ state: 'in-stock', holder });

type Of<D extends ItemCommand['do']> = Extract<ItemCommand, { readonly do: D }>;

interface Rule<D extends ItemCommand['do']> {
  /** Refuses where the command may not happen to a thing in this custody. */
  readonly check: (command: Of<D>, custody: Custody, item: ItemKey) => void;
  readonly after: (custody: Custody, event: Of<D>) => Custody;
}

const gone = (custody: Custody, event: Of<'end'> | Of<'report'> | Of<'miss'>, state: Exclude<Custody['state'], 'in-stock' | 'in-transit'>): Custody =>
  ({ state, holder: custody.holder, at: event.at, province: event.province });

/** Each command: when it may happen, and what is true afterwards. */
const RULES: { readonly [D in ItemCommand['do']]: Rule<D> } = {
  'pack': {
    check: (command, custody, item) => checkFree(custody, command.by, item),
    after: (custody, event) => ({ state: 'in-stock', holder: custody.holder, parent: event.into }),
  },
  'unpack': {
    check: (command, custody, item) => checkPackedIn(custody, command.from, item),
    after: (custody, event) => ({ state: 'in-stock', holder: event.by, ...holdOf(custody) }),
  },
  'ship': {
    check: (command, custody, item) => checkFree(custody, command.by, item),
    after: (custody, event) => ({ state: 'in-transit', holder: custody.holder, shipment: event.shipment }),
  },
  'receive': {
    check: (command, custody, item) => checkInShipment(custody, command.shipment, item),
    after: (custody, event) => ({ state: 'in-stock', holder: event.by, ...(event.damage === undefined ? holdOf(custody) : { hold: event.damage }) }),
  },
  'miss': {
    check: (command, custody, item) => checkInShipment(custody, command.shipment, item),
    after: (custody, event) => gone(custody, event, 'missing'),
  },
  'return-to-sender': {
    check: (command, custody, item) => checkInShipment(custody, command.shipment, item),
    after: (custody) => ({ state: 'in-stock', holder: custody.holder, ...holdOf(custody) }),
  },
  'end': {
    check: (command, custody, item) => checkFree(custody, command.by, item),
    after: (custody, event) => gone(custody, event, event.as),
  },
  'report': {
    check: (command, custody, item) => checkReportable(custody, command.by, item),
    after: (custody, event) => gone(custody, event, event.as),
  },
  'recover': {
    check: (command, custody, item) => checkGoneAstray(custody, command.by, item),
    after: (_, event) => ({ state: 'in-stock', holder: event.by }),
  },
  'hold': {
    check: (_, custody, item) => checkStillThere(custody, item),
    after: (custody, event) => withHold(custody, event.hold),
  },
  'release': {
    check: (_, custody, item) => require('hold' in custody && custody.hold !== undefined, 'ITEM_NOT_ON_HOLD', { item }),
    after: (custody) => withHold(custody, undefined),
  },
};

const ruleOf = <C extends ItemCommand>(command: C): Rule<C['do']> => RULES[command.do] as unknown as Rule<C['do']>;

/**
 * @param item for the refusal's fields, e.g. `/01/09520000000011/21/7QK2M9ZD4XWA`
 * @throws Problem ITEM_NOT_HELD, ITEM_IS_PACKED, ITEM_NOT_PACKED_HERE, ITEM_ON_HOLD, ITEM_NOT_ON_HOLD,
 *   ITEM_IN_TRANSIT, ITEM_NOT_IN_SHIPMENT, ITEM_ALREADY_SOLD, ITEM_GONE
 */
export function decide(command: ItemCommand, custody: Custody, item: ItemKey): ItemEvent {
  ruleOf(command).check(command, custody, item);
  return command;
}

/** The state after an event that `decide` allowed. */
export function evolve(custody: Custody, event: ItemEvent): Custody {
  return ruleOf(event).after(custody, event);
}

function holdOf(custody: Custody): { hold?: Hold } {
  return 'hold' in custody && custody.hold !== undefined ? { hold: custody.hold } : {};
}

function withHold(custody: Custody, hold: Hold | undefined): Custody {
  if (custody.state === 'in-stock') {
    const { holder, parent } = custody;
    return { state: 'in-stock', holder, ...(parent === undefined ? {} : { parent }), ...(hold === undefined ? {} : { hold }) };
  }
  if (custody.state === 'in-transit') {
    const { holder, shipment } = custody;
    return { state: 'in-transit', holder, shipment, ...(hold === undefined ? {} : { hold }) };
  }
  return custody;
}

/** In the caller's own stock, not inside a unit, not on hold: free to be packed, shipped or ended. */
function checkFree(custody: Custody, by: OrganisationId, item: ItemKey): void {
  checkStillThere(custody, item);
  require(custody.holder === by, 'ITEM_NOT_HELD', { item, by });
  if (custody.state === 'in-transit') throw new Problem('ITEM_IN_TRANSIT', { item });
  if (custody.state !== 'in-stock') throw new Problem('ITEM_GONE', { item, state: custody.state });
  require(custody.parent === undefined, 'ITEM_IS_PACKED', { item, parent: custody.parent ?? '' });
  require(custody.hold === undefined, 'ITEM_ON_HOLD', { item, cause: custody.hold?.cause ?? '' });
}

/** A thing can be reported lost or stolen by its holder wherever it is, also on the road or while on hold. */
function checkReportable(custody: Custody, by: OrganisationId, item: ItemKey): void {
  checkStillThere(custody, item);
  require(custody.holder === by, 'ITEM_NOT_HELD', { item, by });
}

function checkPackedIn(custody: Custody, unit: ItemKey, item: ItemKey): void {
  require(custody.state === 'in-stock' && custody.parent === unit, 'ITEM_NOT_PACKED_HERE', { item, unit });
}

function checkInShipment(custody: Custody, shipment: string, item: ItemKey): void {
  require(custody.state === 'in-transit' && custody.shipment === shipment, 'ITEM_NOT_IN_SHIPMENT', { item, shipment });
}

function checkGoneAstray(custody: Custody, by: OrganisationId, item: ItemKey): void {
  const astray = custody.state === 'missing' || custody.state === 'lost' || custody.state === 'stolen';
  require(astray, 'ITEM_GONE', { item, state: custody.state });
  require(custody.holder === by, 'ITEM_NOT_HELD', { item, by });
}

function checkStillThere(custody: Custody, item: ItemKey): void {
  if (custody.state === 'in-stock' || custody.state === 'in-transit') return;
  const fields = { item, state: custody.state, at: custody.at };
  throw new Problem(custody.state === 'sold' ? 'ITEM_ALREADY_SOLD' : 'ITEM_GONE', fields);
}
