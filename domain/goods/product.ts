/** A trade product under its GTIN, with the fields that NĐ 37/2026 Art. 23(5), 23(7) and 32 ask for. */
import { contentRange } from '../chemistry/content.js';
import { parseGtin } from '../gs1/gtin.js';
import type { Instant } from '../instant.js';
import { flag, list, matching, object, oneOf, optional, parsedBy, text, type Parsed } from '../shape.js';
import type { OrganisationId } from '../registry/organisation.js';

export const gtin = parsedBy(parseGtin);
export const digest = matching(/^[0-9a-f]{64}$/, 'SHA-256 in 64 small hexadecimal digits');
const country = matching(/^[A-Z]{2}$/, 'ISO 3166-1 alpha-2 code, e.g. VN');

const party = object({ name: text(200), address: text(300) });

/** NĐ 37/2026 Annex I item 55: what a chemical's label carries beside the common fields. */
const hazard = object({
  signalWord: oneOf('danger', 'warning'),
  pictograms: list(oneOf('GHS01', 'GHS02', 'GHS03', 'GHS04', 'GHS05', 'GHS06', 'GHS07', 'GHS08', 'GHS09'), { min: 1, max: 9 }),
  unNumber: optional(matching(/^[0-9]{4}$/, 'UN number, four digits')),
});

/** Argument of `goods:registerProduct`. */
export const productRequest = object({
  gtin,
  name: text(200),
  nameEn: optional(text(200)),
  brand: optional(text(100)),
  /** SHA-256 of the photo; the photo itself is kept off the ledger. */
  image: optional(digest),
  producer: party,
  importer: optional(party),
  origin: country,
  standards: list(text(200), { max: 20 }),
  warnings: list(text(300), { max: 20 }),
  netQuantity: optional(text(60)),
  /** Whether lots of it carry an expiry date. */
  expires: flag,
  /** Luật 78/2025: the tier decides which traceability duties apply. */
  risk: oneOf('low', 'medium', 'high'),
  hazard: optional(hazard),
  /** Controlled or other components, for chemicals: the range of content that lots of it may have. */
  components: optional(list(contentRange, { min: 1, max: 20 })),
});
export type ProductRequest = Parsed<typeof productRequest>;

export interface ProductRecord extends ProductRequest {
  readonly kind: 'product';
  /** Who registered it: the holder of the GTIN's company prefix. */
  readonly maker: OrganisationId;
  readonly registeredAt: Instant;
}
