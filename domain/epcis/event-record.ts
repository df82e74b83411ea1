/** What happened, as the ledger keeps it: short, append-only, one to one with an EPCIS 2.0 event (`event-json.ts`). */
import type { ItemKey } from '../gs1/item-key.js';
import type { Instant } from '../instant.js';
import type { Difference } from '../goods/records.js';
import type { OrganisationId } from '../registry/organisation.js';
import type { ProvinceCode } from '../registry/provinces.js';

/** The kinds of happenings; each maps to one EPCIS event type, business step and disposition. */
export type Step =
  | 'open-lot' | 'commission' | 'pack' | 'unpack' | 'ship' | 'receive' | 'cancel-shipment'
  | 'sold' | 'used' | 'decommissioned' | 'destroyed' | 'lost' | 'stolen' | 'recover'
  | 'hold' | 'release' | 'recall' | 'end-recall' | 'suspend' | 'release-lot' | 'split' | 'draw';

/** Milligrams of a thing after or in the happening. */
export interface ItemMass {
  readonly item: ItemKey;
  readonly mass: string;
}

export interface EventRecord {
  readonly kind: 'event';
  readonly step: Step;
  readonly by: OrganisationId;
  readonly happenedAt: Instant;
  readonly recordedAt: Instant;
  readonly province: ProvinceCode;
  /** What it happened to. */
  readonly items: readonly ItemKey[];
  /** The logistic unit of packing and unpacking. */
  readonly unit?: ItemKey;
  readonly shipment?: string;
  readonly from?: OrganisationId;
  readonly to?: OrganisationId;
  readonly difference?: Difference;
  readonly reason?: string;
  /** What was divided or drawn on, for chemicals. */
  readonly source?: ItemKey;
  readonly masses?: readonly ItemMass[];
  readonly loss?: string;
}

/** Events stand under their transaction, numbered within it, e.g. `event/3f…/0`. */
export const eventKey = (transactionId: string, index: number): string => `event/${transactionId}/${index}`;
