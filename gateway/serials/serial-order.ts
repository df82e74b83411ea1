/** An order of serial numbers: given out to be printed, and accounted for until each is applied, spoiled or returned. */
import type { Gtin } from '#domain/gs1/gtin.js';
import type { Lot, Serial } from '#domain/gs1/item-key.js';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';

/** Most serials of one order: as many as one print job takes. */
export const MOST_SERIALS = 100_000;

export interface SerialOrder {
  /** e.g. `SO-7QK2M9ZD4XWA`; also the name of its print jobs */
  readonly id: string;
  readonly organisation: OrganisationId;
  readonly gtin: Gtin;
  readonly lot: Lot;
  readonly count: number;
  readonly createdAt: Instant;
  /** Labels printed so far. */
  readonly printed: number;
  readonly spoiled: readonly Serial[];
  readonly returned: readonly Serial[];
}

/** What became of an order's serials: printed = applied + spoiled + returned when nothing is missing. */
export interface Reconciliation {
  readonly count: number;
  readonly printed: number;
  /** on the ledger */
  readonly applied: number;
  readonly spoiled: number;
  readonly returned: number;
  /** printed, and neither applied nor accounted for; negative where more was applied than printed here */
  readonly missing: number;
  readonly reconciled: boolean;
}

/** @param applied how many of the order's serials are on the ledger */
export function reconcile(order: SerialOrder, applied: number): Reconciliation {
  const { count, printed } = order;
  const [spoiled, returned] = [order.spoiled.length, order.returned.length];
  const missing = printed - applied - spoiled - returned;
  return { count, printed, applied, spoiled, returned, missing, reconciled: missing === 0 };
}
