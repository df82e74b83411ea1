/** What stands on the ledger for things that move, and for their journeys together. */
import type { ContentRecord } from '../chemistry/content.js';
import type { Allowance } from '../chemistry/sale.js';
import type { Gtin } from '../gs1/gtin.js';
import type { ItemKey, Lot, Serial, Sscc } from '../gs1/item-key.js';
import type { Instant } from '../instant.js';
import type { Custody } from '../lifecycle/item.js';
import type { OrganisationId } from '../registry/organisation.js';

/** One instance of a product, under `/01/{gtin}/21/{serial}`. */
export interface SerialRecord {
  readonly kind: 'serial';
  readonly gtin: Gtin;
  readonly serial: Serial;
  readonly lot: Lot;
  readonly maker: OrganisationId;
  readonly commissionedAt: Instant;
  readonly custody: Custody;
  /** For a container of chemicals: what it holds now. */
  readonly content?: ContentRecord;
  /** When its present holder first drew from it, where a declaration of use governs that. */
  readonly firstUseFrom?: string;
}

/** A logistic unit, under `/00/{sscc}`. What is inside moves with it: only the unit's own record changes. */
export interface UnitRecord {
  readonly kind: 'unit';
  readonly sscc: Sscc;
  readonly maker: OrganisationId;
  readonly commissionedAt: Instant;
  readonly custody: Custody;
  readonly contents: readonly ItemKey[];
}

export type MovableRecord = SerialRecord | UnitRecord;

export type ShipmentState = 'in-transit' | 'received' | 'received-with-difference' | 'cancelled';

/** What arrived otherwise than it was sent. */
export interface Difference {
  readonly short: readonly ItemKey[];
  readonly damaged: readonly ItemKey[];
  /** Came along without being in the shipment: stays with the sender's records until the sender ships it. */
  readonly over: readonly ItemKey[];
}

/** A hand-over between two organisations, under `shipment/{from}/{number}`. */
export interface ShipmentRecord {
  readonly kind: 'shipment';
  readonly number: string;
  readonly from: OrganisationId;
  readonly to: OrganisationId;
  readonly items: readonly ItemKey[];
  readonly state: ShipmentState;
  readonly shippedAt: Instant;
  readonly closedAt?: Instant;
  readonly difference?: Difference;
  /** By what right the controlled substances in it were sold, and what each licence was charged. */
  readonly allowances?: readonly AllowanceRecord[];
}

export type AllowanceRecord = Omit<Allowance, 'mass'> & { readonly mass: string };

/** Where a shipment stands on the ledger. */
export const shipmentKey = (from: OrganisationId, number: string): string => `shipment/${from}/${number}`;
