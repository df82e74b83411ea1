/** A citizen's report as the gateway keeps it: what was sent, and what its code says. Who sent it is not kept. */
import { Problem } from '#domain/errors.js';
import type { CitizenReport, FiledReport } from '#domain/goods/citizen-report.js';
import { parseDigitalLinkPath } from '#domain/gs1/digital-link.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import { valueOf, type Identification } from '#domain/gs1/identification.js';
import { itemKeyOf, type ItemKey, type Sscc } from '#domain/gs1/item-key.js';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';

/** What the code of a report names, as far as it could be read. */
export interface ReportedThing {
  readonly item?: ItemKey;
  readonly gtin?: Gtin;
  readonly sscc?: Sscc;
  readonly lot?: string;
  readonly serial?: string;
}

/** Never changes; the contact and what became of the report stand in rows of their own. */
export type StoredReport = FiledReport & ReportedThing & Pick<CitizenReport, 'code' | 'shown' | 'judged' | 'reason' | 'text' | 'province'>;

/** An organisation has seen to a report. */
export interface Handling {
  readonly by: OrganisationId;
  readonly at: Instant;
  readonly note: string;
}

/**
 * @param address path and query of a link that was read strictly; absent where the code could not be read
 * @returns e.g. item `/01/09520000000011/21/7QK2M9ZD4XWA`, gtin, serial, and the lot if it stands in the link
 */
export function thingAt(address: string | undefined): ReportedThing {
  if (address === undefined) return {};
  const [path = '', query = ''] = address.split('?', 2);
  const link = parseDigitalLinkPath(path, query);
  const { primaryKey: { ai, value }, qualifiers } = link;
  return present({
    item: keyOf(link),
    gtin: ai === '01' ? value as Gtin : undefined,
    sscc: ai === '00' ? value as Sscc : undefined,
    lot: valueOf(qualifiers, '10'),
    serial: valueOf(qualifiers, '21'),
  });
}

/** A key of the standard may be right as a link and have no record of its own here. */
function keyOf(link: Identification): ItemKey | undefined {
  try {
    return itemKeyOf(link);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** The number by which the maker is found. */
export function numberOf({ gtin, sscc }: ReportedThing): Gtin | Sscc | undefined {
  return gtin ?? sscc;
}

/** The members that are there. */
export function present<T extends Readonly<Record<string, unknown>>>(members: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { readonly [K in keyof T]?: Exclude<T[K], undefined> };
}
