/** How each kind of happening is said in EPCIS: one table for both directions. */
import type { Step } from './event-record.js';
import type { Action, EventType } from './epcis-event.js';
import type { BizStep, Disposition } from './vocabulary.js';

/** Where the goods stand in the event: serials and units, lots, children of a unit, or inputs and outputs. */
export type GoodsField = 'epcList' | 'quantityList' | 'childEPCs' | 'transformation';

export interface StepPattern {
  readonly type: EventType;
  /** Transformations have none. */
  readonly action?: Action;
  readonly bizStep: BizStep;
  readonly disposition: Disposition;
  readonly goods: GoodsField;
  /** What holds from then on, or holds no longer, whatever happens to the goods besides. */
  readonly persistent?: { readonly set: Disposition } | { readonly unset: Disposition };
  /** The goods are where it happened afterwards: the event then has a `bizLocation`. */
  readonly stays: boolean;
  /**
   * Whether a sender may capture it: `by-name` only if it says `minhchung:step`, because another step looks the same
   * and is meant where nothing is said.
   */
  readonly capture: 'yes' | 'by-name' | 'no';
}

type Rest = Partial<Pick<StepPattern, 'goods' | 'persistent' | 'stays' | 'capture' | 'type'>>;

const object = (action: Action, bizStep: BizStep, disposition: Disposition, rest: Rest = {}): StepPattern =>
  ({ type: 'ObjectEvent', action, bizStep, disposition, goods: 'epcList', stays: true, capture: 'yes', ...rest });

const aggregation = (action: Action, bizStep: BizStep, disposition: Disposition): StepPattern =>
  ({ type: 'AggregationEvent', action, bizStep, disposition, goods: 'childEPCs', stays: true, capture: 'yes' });

const lot: Rest = { goods: 'quantityList' };

/**
 * The Core Business Vocabulary has a word for most of what happens here. `hold` and `suspend` are told from goods that
 * are lost by their disposition; what decommissioning was for (`used`) only by our own `minhchung:step`.
 */
export const STEP_PATTERNS: Readonly<Record<Step, StepPattern>> = {
  'open-lot': object('ADD', 'commissioning', 'active', { ...lot, capture: 'no' }),
  'commission': object('ADD', 'commissioning', 'active'),
  'pack': aggregation('ADD', 'packing', 'container_closed'),
  'unpack': aggregation('DELETE', 'unpacking', 'in_progress'),
  'ship': object('OBSERVE', 'shipping', 'in_transit', { stays: false }),
  'receive': object('OBSERVE', 'receiving', 'in_progress'),
  // A sender's event could name a part of the shipment only, and all of it would come back.
  'cancel-shipment': object('OBSERVE', 'void_shipping', 'in_progress', { capture: 'no' }),
  'sold': object('OBSERVE', 'retail_selling', 'retail_sold', { stays: false }),
  'decommissioned': object('DELETE', 'decommissioning', 'inactive', { stays: false }),
  'used': object('DELETE', 'decommissioning', 'inactive', { stays: false, capture: 'by-name' }),
  'destroyed': object('DELETE', 'destroying', 'destroyed', { stays: false }),
  'lost': object('OBSERVE', 'holding', 'unavailable', { stays: false }),
  'stolen': object('OBSERVE', 'holding', 'stolen', { stays: false }),
  'recover': object('OBSERVE', 'storing', 'available'),
  'hold': object('OBSERVE', 'holding', 'non_sellable_other'),
  'release': object('OBSERVE', 'holding', 'available'),
  'recall': object('OBSERVE', 'holding', 'recalled', { ...lot, stays: false, persistent: { set: 'recalled' } }),
  'end-recall': object('OBSERVE', 'holding', 'available', { ...lot, stays: false, persistent: { unset: 'recalled' } }),
  'suspend': object('OBSERVE', 'holding', 'non_sellable_other', { ...lot, stays: false, persistent: { set: 'non_sellable_other' } }),
  'release-lot': object('OBSERVE', 'holding', 'available', { ...lot, stays: false, persistent: { unset: 'non_sellable_other' } }),
  'split': { type: 'TransformationEvent', bizStep: 'repackaging', disposition: 'in_progress', goods: 'transformation', stays: true, capture: 'no' },
  'draw': object('OBSERVE', 'dispensing', 'partially_dispensed', { capture: 'no' }),
};

/** What is said of a container from which all was drawn. */
export const DRAWN_EMPTY = { action: 'DELETE', disposition: 'dispensed' } as const;
