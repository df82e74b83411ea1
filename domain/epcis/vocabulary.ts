/** The words of the Core Business Vocabulary 2.0 that events use, in each of their four spellings. */
import { Problem } from '../errors.js';

const BIZ_STEPS = [
  'accepting', 'arriving', 'assembling', 'collecting', 'commissioning', 'consigning', 'creating_class_instance',
  'cycle_counting', 'decommissioning', 'departing', 'destroying', 'disassembling', 'dispensing', 'encoding',
  'entering_exiting', 'holding', 'inspecting', 'installing', 'killing', 'loading', 'other', 'packing', 'picking',
  'receiving', 'removing', 'repackaging', 'repairing', 'replacing', 'reserving', 'retail_selling', 'sampling',
  'sensor_reporting', 'shipping', 'staging_outbound', 'stock_taking', 'stocking', 'storing', 'transporting',
  'unloading', 'unpacking', 'void_shipping',
] as const;

const DISPOSITIONS = [
  'active', 'available', 'completeness_inferred', 'completeness_verified', 'conformant', 'container_closed',
  'container_open', 'damaged', 'destroyed', 'dispensed', 'disposed', 'encoded', 'expired', 'in_progress', 'in_transit',
  'inactive', 'mismatch_class', 'mismatch_instance', 'mismatch_quantity', 'needs_replacement', 'no_pedigree_match',
  'non_conformant', 'non_sellable_other', 'partially_dispensed', 'recalled', 'reserved', 'retail_sold', 'returned',
  'sellable_accessible', 'sellable_not_accessible', 'stolen', 'unavailable', 'unknown',
] as const;

const TRANSACTION_TYPES = ['bol', 'cert', 'desadv', 'inv', 'pedigree', 'po', 'poc', 'prodorder', 'recadv', 'rma', 'testprd', 'testres', 'upevt'] as const;

const PARTY_TYPES = ['location', 'owning_party', 'possessing_party'] as const;

export type BizStep = (typeof BIZ_STEPS)[number];
export type Disposition = (typeof DISPOSITIONS)[number];
export type TransactionType = (typeof TRANSACTION_TYPES)[number];
export type PartyType = (typeof PARTY_TYPES)[number];

/** One list of words: as a plain word, a web URI, a CURIE and the older URN they mean the same. */
export interface Vocabulary<T extends string> {
  readonly words: ReadonlySet<T>;
  /** e.g. `BizStep-` */
  readonly webPrefix: string;
  /** e.g. `urn:epcglobal:cbv:bizstep:` */
  readonly urnPrefix: string;
}

const vocabulary = <T extends string>(words: readonly T[], webPrefix: string, urn: string): Vocabulary<T> =>
  ({ words: new Set(words), webPrefix, urnPrefix: `urn:epcglobal:cbv:${urn}:` });

export const BIZ_STEP: Vocabulary<BizStep> = vocabulary(BIZ_STEPS, 'BizStep-', 'bizstep');
export const DISPOSITION: Vocabulary<Disposition> = vocabulary(DISPOSITIONS, 'Disp-', 'disp');
export const TRANSACTION_TYPE: Vocabulary<TransactionType> = vocabulary(TRANSACTION_TYPES, 'BTT-', 'btt');
export const PARTY_TYPE: Vocabulary<PartyType> = vocabulary(PARTY_TYPES, 'SDT-', 'sdt');

const WEB = 'https://ref.gs1.org/cbv/';
const CURIE = 'cbv:';

/**
 * @param text `shipping`, `https://ref.gs1.org/cbv/BizStep-shipping`, `cbv:BizStep-shipping` or
 *   `urn:epcglobal:cbv:bizstep:shipping`
 * @returns e.g. `shipping`
 * @throws Problem EPCIS_WORD_UNKNOWN
 */
export function parseWord<T extends string>({ words, webPrefix, urnPrefix }: Vocabulary<T>, text: string): T {
  const prefix = [WEB + webPrefix, CURIE + webPrefix, urnPrefix].find((one) => text.startsWith(one)) ?? '';
  const word = text.slice(prefix.length);
  if (!(words as ReadonlySet<string>).has(word)) throw new Problem('EPCIS_WORD_UNKNOWN', { value: text.slice(0, 100) });
  return word as T;
}

/** e.g. `shipping` → `https://ref.gs1.org/cbv/BizStep-shipping`: the spelling that hashes are made of. */
export function wordUri<T extends string>({ webPrefix }: Vocabulary<T>, word: T): string {
  return WEB + webPrefix + word;
}
