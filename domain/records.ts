/** Every kind of record on the ledger, by its `kind`. */
import type { DeclarationRecord, LicenceRecord, QuotaRecord } from './chemistry/licence.js';
import type { EventRecord } from './epcis/event-record.js';
import type { LotRecord } from './goods/lot.js';
import type { ProductRecord } from './goods/product.js';
import type { SerialRecord, ShipmentRecord, UnitRecord } from './goods/records.js';
import type { KeyRecord, OrganisationNameRecord, OrganisationRecord, PrefixRecord } from './registry/organisation.js';
import type { CommitmentRecord, CredentialRevocationRecord, DidKeyRecord, DidRecord, GrantOfRecord, GrantRecord, StatusListRecord } from './trust/records.js';

/** Under `licence-of/{holder}/{substance}/{id}`: leads from a holder to its licences. */
export interface LicenceOfRecord {
  readonly kind: 'licence-of';
}

/** Under `licence-count/{did}`: how many licences were ever recorded as credentials of one DID. */
export interface LicenceCountRecord {
  readonly kind: 'licence-count';
  readonly count: number;
}

export type LedgerRecord =
  | OrganisationRecord | OrganisationNameRecord | PrefixRecord | KeyRecord
  | ProductRecord | LotRecord | SerialRecord | UnitRecord | ShipmentRecord
  | LicenceRecord | LicenceOfRecord | LicenceCountRecord | DeclarationRecord | QuotaRecord
  | DidRecord | DidKeyRecord | GrantRecord | GrantOfRecord | CommitmentRecord | StatusListRecord | CredentialRevocationRecord
  | EventRecord;

export type RecordKind = LedgerRecord['kind'];

export type RecordOf<K extends RecordKind> = Extract<LedgerRecord, { readonly kind: K }>;
