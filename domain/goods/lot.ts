/** A lot of a product, what may befall it, and the recall that turns every page of its serials. */
import { statedComponent, type Content, type ContentRange, type ContentRecord, type StatedComponent } from '../chemistry/content.js';
import { WHOLE, parsePercent, parseKilograms } from '../quantity/mass.js';
import { Problem, require } from '../errors.js';
import { parseLot } from '../gs1/item-key.js';
import { parseDay, type Day, type Instant } from '../instant.js';
import { province, type OrganisationId } from '../registry/organisation.js';
import { digest, gtin, type ProductRecord } from './product.js';
import { list, object, optional, parsedBy, text, type Parsed } from '../shape.js';

export const lot = parsedBy(parseLot);
export const day = parsedBy(parseDay);
const kilograms = parsedBy((value) => {
  parseKilograms(value);
  return value;
});

/** Argument of `goods:openLot`. */
export const lotRequest = object({
  gtin,
  lot,
  producedOn: day,
  expiresOn: optional(day),
  /** Where it was made. */
  province,
  /** For a chemical: what the whole lot weighs and what it holds, by its certificate of analysis. */
  bulk: optional(object({
    mass: kilograms,
    components: list(statedComponent, { min: 1, max: 20 }),
    certificate: optional(digest),
  })),
});
export type LotRequest = Parsed<typeof lotRequest>;

/** Argument of `goods:recallLot` and `goods:suspendLot`. */
export const lotMeasure = object({
  gtin,
  lot,
  reason: text(300),
  /** What whoever holds the goods should do, e.g. where to return them. */
  instruction: text(300),
});
export type LotMeasure = Parsed<typeof lotMeasure>;

/** Argument of `goods:endRecall` and `goods:releaseLot`. */
export const lotRelease = object({ gtin, lot, reason: text(300) });
export type LotRelease = Parsed<typeof lotRelease>;

export interface Measure {
  readonly by: OrganisationId;
  readonly at: Instant;
  readonly reason: string;
  readonly instruction: string;
}

export interface LotRecord {
  readonly kind: 'lot';
  readonly gtin: LotRequest['gtin'];
  readonly lot: LotRequest['lot'];
  readonly maker: OrganisationId;
  readonly producedOn: Day;
  readonly expiresOn?: Day;
  readonly province: LotRequest['province'];
  readonly openedAt: Instant;
  readonly recall?: Measure;
  readonly suspension?: Measure;
  /** For a chemical: what has not been put into containers yet. */
  readonly bulk?: ContentRecord;
  readonly certificate?: string;
}

/**
 * Whether a lot's dates fit its product.
 *
 * @throws Problem LOT_DATES_WRONG: no expiry where the product expires, one where it does not, or one before production
 */
export function checkLotDates(request: LotRequest, product: ProductRecord): void {
  require((request.expiresOn !== undefined) === product.expires, 'LOT_DATES_WRONG', { field: 'expiresOn', expires: String(product.expires) });
  require(request.expiresOn === undefined || request.expiresOn >= request.producedOn, 'LOT_DATES_WRONG', { field: 'expiresOn' });
}

/**
 * Whether a chemical lot's certificate fits the ranges registered for its product.
 *
 * @throws Problem CONTENT_OUT_OF_RANGE for a component outside its range, missing or not registered
 */
export function checkLotContent(request: LotRequest, product: ProductRecord): void {
  const stated = request.bulk?.components ?? [];
  const ranges = product.components ?? [];
  const unknown = stated.find((one) => !ranges.some((range) => range.substance === one.substance));
  require(unknown === undefined, 'CONTENT_OUT_OF_RANGE', { field: 'bulk.components', substance: unknown?.substance ?? '' });
  for (const range of ranges) checkRange(range, stated);
}

function checkRange(range: ContentRange, stated: readonly StatedComponent[]): void {
  const content = stated.find((one) => one.substance === range.substance)?.content;
  const fits = content !== undefined && parsePercent(content) >= parsePercent(range.least) && parsePercent(content) <= parsePercent(range.most);
  require(fits, 'CONTENT_OUT_OF_RANGE', { field: 'bulk.components', substance: range.substance, least: range.least, most: range.most });
}

/** Milligrams that roundings may have added or taken. */
const ROUNDED = 2n;

/**
 * Whether a content may be put into containers of a product: as its own lots, it states every component, each within its
 * range, to a part per million and two milligrams: opening a lot and dividing it each round to one.
 *
 * @param content of what is divided
 * @param product whose containers they will be
 * @param field where the request names the product, e.g. `into[0].gtin`
 * @throws Problem CONTENT_OUT_OF_RANGE with `substance`, for a component outside its range, missing or not registered
 */
export function checkContentFits(content: Content, product: ProductRecord, field: string): void {
  const ranges = product.components ?? [];
  const unknown = content.components.find((one) => !ranges.some((range) => range.substance === one.substance));
  require(unknown === undefined, 'CONTENT_OUT_OF_RANGE', { field, substance: unknown?.substance ?? '' });
  for (const { substance, least, most } of ranges) {
    const mass = content.components.find((one) => one.substance === substance)?.mass ?? 0n;
    const fits = (mass + ROUNDED) * WHOLE >= (parsePercent(least) - 1n) * content.mass && (mass - ROUNDED) * WHOLE <= (parsePercent(most) + 1n) * content.mass;
    require(fits, 'CONTENT_OUT_OF_RANGE', { field, substance, least, most });
  }
}

/**
 * Whether goods of a lot may be handed on to a new holder.
 *
 * @param on the day of the hand-over
 * @throws Problem LOT_RECALLED, LOT_SUSPENDED, LOT_EXPIRED
 */
export function checkLotMayMove(record: LotRecord, on: Day): void {
  const fields = { gtin: record.gtin, lot: record.lot };
  if (record.recall !== undefined) throw new Problem('LOT_RECALLED', fields);
  if (record.suspension !== undefined) throw new Problem('LOT_SUSPENDED', fields);
  if (record.expiresOn !== undefined && on > record.expiresOn) throw new Problem('LOT_EXPIRED', { ...fields, expiresOn: record.expiresOn });
}
