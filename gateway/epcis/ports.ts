/** What the EPCIS interface needs of the rest of the gateway. */
import type { FastifyRequest } from 'fastify';
import type { EventRecord } from '#domain/epcis/event-record.js';
import type { EventPlace } from '#domain/epcis/own-uris.js';
import type { Gln, ItemKey, Lot } from '#domain/gs1/item-key.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { ProvinceCode } from '#domain/registry/provinces.js';
import type { JobOwner, Submit } from '../jobs/ledger-writer.js';
import type { Clock } from '../ledger/clock.js';
import type { DurableStore } from '../ledger/durable-store.js';

/** An event as the copy for reading has it. */
export interface RecordedEvent extends EventPlace {
  readonly record: EventRecord;
}

/** One page of a list, in an order that stays the same. */
export interface EventPage {
  readonly events: readonly RecordedEvent[];
  /** leads to the events after the last one here; absent at the end of the list */
  readonly next?: string;
}

export interface EventPageRequest {
  /** 1 to 1000 */
  readonly limit: number;
  /** the `next` of an earlier page */
  readonly after?: string;
}

/** The events of the ledger, for reading. */
export interface EventReader {
  byId(place: EventPlace): Promise<RecordedEvent | undefined>;
  /** Events that name the item: what it happened to, its unit, its source; the newest first. */
  byItem(item: ItemKey, page: EventPageRequest): Promise<EventPage>;
  /** Events that an organisation recorded, the newest first; without one, all events, in any order. */
  recent(recorder: OrganisationId | undefined, page: EventPageRequest): Promise<EventPage>;
}

/** What the register knows besides. */
export interface RegisterReader {
  /** Whose GS1 company prefix the number is under. */
  organisationOf(gln: Gln): Promise<OrganisationId | undefined>;
  /** Where a place is. */
  provinceOf(gln: Gln): Promise<ProvinceCode | undefined>;
  lotOf(serial: ItemKey): Promise<Lot | undefined>;
  /** Whether the caller made the item or has it now: then its history is theirs to see, too. */
  mayFollow(caller: JobOwner, item: ItemKey): Promise<boolean>;
}

export interface EpcisDependencies {
  readonly submit: Submit;
  readonly events: EventReader;
  readonly register: RegisterReader;
  /** rows under `epcis/` are this interface's */
  readonly store: DurableStore;
  readonly clock: Clock;
  readonly randomBytes: (length: number) => Uint8Array;
  /** who calls; the route's `config` has had the request authorised */
  readonly principal: (request: FastifyRequest) => JobOwner;
  /** told of faults of ours in the background */
  readonly onFault: (error: unknown) => void;
}
