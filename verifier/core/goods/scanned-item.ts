/** What a scanned link asks the register about, and what else it says that can be held against the register. */
import type { AiValue, Identification } from '#domain/gs1/identification.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import { encodeSegment } from '#domain/gs1/percent-encoding.js';

/**
 * How closely a link names a thing. `foreign-serial` is a serial that somebody else than the maker gave out (AI 235),
 * `not-kept` any GS1 key of which this register holds nothing.
 */
export type ScanLevel = 'product' | 'lot' | 'serial' | 'foreign-serial' | 'unit' | 'not-kept';

export interface ScannedItem {
  readonly level: ScanLevel;
  /** What the register is asked about. */
  readonly key: ItemKey;
  /** The lot that stands beside a serial in the link; where the serial is unknown, this lot tells more. */
  readonly lotKey?: ItemKey;
  /** What the link says besides the key: qualifiers that do not name the thing, and attributes. */
  readonly stated: readonly AiValue[];
}

/** A link as far as it matters here. */
export interface LinkContent extends Identification {
  readonly attributes: readonly AiValue[];
}

/**
 * Finds what a link names on the register. A serial names an instance whatever lot stands beside it; a variant
 * (AI 22) is nothing that the register keeps, so the link leads to the lot or product above it.
 *
 * @param link e.g. key 01, qualifiers 10 and 21, attribute 17
 * @returns e.g. level `serial`, key `/01/09520000000011/21/7QK2M9ZD4XWA`, stated 10 and 17
 */
export function scannedItem(link: LinkContent): ScannedItem {
  const { primaryKey, qualifiers, attributes } = link;
  const said = [...qualifiers, ...attributes];
  if (primaryKey.ai === '00') return { level: 'unit', key: pathOf([primaryKey]), stated: said };
  if (primaryKey.ai !== '01') return { level: 'not-kept', key: pathOf([primaryKey, ...qualifiers]), stated: attributes };
  return tradeItem(primaryKey, qualifiers, said);
}

function tradeItem(gtin: AiValue, qualifiers: readonly AiValue[], said: readonly AiValue[]): ScannedItem {
  const qualifier = (ai: string): AiValue | undefined => qualifiers.find((each) => each.ai === ai);
  const named = (level: ScanLevel, by: AiValue): ScannedItem =>
    ({ level, key: pathOf([gtin, by]), stated: said.filter((each) => each !== by) });
  const lot = qualifier('10');
  const serial = qualifier('21');
  if (serial !== undefined) return { ...named('serial', serial), ...(lot === undefined ? {} : { lotKey: pathOf([gtin, lot]) }) };
  const foreign = qualifier('235');
  if (foreign !== undefined) return named('foreign-serial', foreign);
  return lot === undefined ? { level: 'product', key: pathOf([gtin]), stated: said } : named('lot', lot);
}

function pathOf(pairs: readonly AiValue[]): ItemKey {
  return pairs.map(({ ai, value }) => `/${ai}/${encodeSegment(value)}`).join('') as ItemKey;
}
