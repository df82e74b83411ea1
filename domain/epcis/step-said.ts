/** Which of our steps an EPCIS event says, by its type, action, business step, disposition and kind of goods. */
import { require } from '../errors.js';
import type { CapturedEvent } from './captured-event.js';
import type { EpcisEvent } from './epcis-event.js';
import type { Step } from './event-record.js';
import { STEP_PATTERNS, type GoodsField, type StepPattern } from './step-table.js';
import type { Disposition } from './vocabulary.js';

type Candidate = readonly [Step, StepPattern];

const CANDIDATES = Object.entries(STEP_PATTERNS) as Candidate[];

/**
 * @returns e.g. `ship` for an ObjectEvent, OBSERVE, `shipping`. A disposition may be left out where nothing depends
 *   on it; a wrong one is refused
 * @throws Problem EPCIS_OPERATION_UNSUPPORTED with what the event says
 */
export function stepSaid({ event, extension }: CapturedEvent): Step {
  const named = extension['minhchung:step'];
  const goods = goodsField(event);
  const fitting = CANDIDATES.filter(([step, pattern]) => isAlike(pattern, event, goods) && mayBeMeant(step, pattern, named));
  const exact = fitting.filter(([step, pattern]) => saysSo(step, pattern, event));
  const [found, ...more] = exact;
  require(found !== undefined && more.length === 0, 'EPCIS_OPERATION_UNSUPPORTED', said(event, named));
  return found[0];
}

function goodsField(event: EpcisEvent): GoodsField | undefined {
  if (event.type === 'AggregationEvent') return 'childEPCs';
  if (event.epcList !== undefined && event.quantityList !== undefined) return undefined;
  return event.epcList === undefined ? 'quantityList' : 'epcList';
}

function isAlike(pattern: StepPattern, event: EpcisEvent, goods: GoodsField | undefined): boolean {
  return pattern.type === event.type && pattern.action === event.action && pattern.bizStep === event.bizStep && pattern.goods === goods;
}

function mayBeMeant(step: Step, { capture }: StepPattern, named: string | undefined): boolean {
  if (capture === 'no') return false;
  return named === undefined ? capture === 'yes' : named === step;
}

function saysSo(step: Step, pattern: StepPattern, event: EpcisEvent): boolean {
  const { disposition } = event;
  const allowed: readonly Disposition[] = step === 'hold' ? [pattern.disposition, 'damaged'] : [pattern.disposition];
  return (disposition === undefined || allowed.includes(disposition)) && saysPersistent(pattern, event);
}

function saysPersistent({ persistent }: StepPattern, { persistentDisposition: stated }: EpcisEvent): boolean {
  const set = stated?.set ?? [];
  const unset = stated?.unset ?? [];
  if (persistent === undefined) return set.length + unset.length === 0;
  const [mine, others, word] = 'set' in persistent ? [set, unset, persistent.set] : [unset, set, persistent.unset];
  return mine.length === 1 && mine[0] === word && others.length === 0;
}

function said(event: EpcisEvent, named: string | undefined): Record<string, string> {
  return {
    field: 'bizStep', type: event.type, action: event.action ?? '', bizStep: event.bizStep ?? '', disposition: event.disposition ?? '',
    ...(named === undefined ? {} : { step: named }),
  };
}

