/** An EPCIS 2.0 event in JSON, as far as this product speaks it (EPCIS 2.0, section 7; JSON binding, section 10). */
import type { Json } from '../canonical-json.js';
import type { Instant } from '../instant.js';
import type { BizStep, Disposition, PartyType, TransactionType } from './vocabulary.js';

export type EventType = 'ObjectEvent' | 'AggregationEvent' | 'TransformationEvent';

export type Action = 'ADD' | 'OBSERVE' | 'DELETE';

/** Goods of a class: a lot. `uom` is a UN/CEFACT code, here always `KGM`. */
export interface QuantityElement {
  readonly epcClass: string;
  readonly quantity?: number;
  readonly uom?: 'KGM';
}

export interface PersistentDisposition {
  readonly set?: readonly Disposition[];
  readonly unset?: readonly Disposition[];
}

export interface BizTransaction {
  readonly type: TransactionType;
  readonly bizTransaction: string;
}

export interface Source {
  readonly type: PartyType;
  readonly source: string;
}

export interface Destination {
  readonly type: PartyType;
  readonly destination: string;
}

/** Vocabulary as plain words, things as canonical Digital Links, time in UTC. */
export interface EpcisEvent {
  readonly type: EventType;
  readonly eventID?: string;
  readonly eventTime: Instant;
  readonly eventTimeZoneOffset: string;
  readonly recordTime?: Instant;
  readonly epcList?: readonly string[];
  readonly quantityList?: readonly QuantityElement[];
  readonly parentID?: string;
  readonly childEPCs?: readonly string[];
  readonly inputEPCList?: readonly string[];
  readonly inputQuantityList?: readonly QuantityElement[];
  readonly outputEPCList?: readonly string[];
  readonly action?: Action;
  readonly bizStep?: BizStep;
  readonly disposition?: Disposition;
  readonly persistentDisposition?: PersistentDisposition;
  readonly readPoint?: { readonly id: string };
  readonly bizLocation?: { readonly id: string };
  readonly bizTransactionList?: readonly BizTransaction[];
  readonly sourceList?: readonly Source[];
  readonly destinationList?: readonly Destination[];
  readonly ilmd?: Readonly<Record<string, string>>;
  readonly [extension: `minhchung:${string}`]: Json | undefined;
}
