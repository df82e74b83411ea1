/** What the public may know of an item: what the gateway serves and the verifier judges. No name of a person is in it. */
import type { Step } from '../epcis/event-record.js';
import type { Instant } from '../instant.js';
import type { ProvinceCode } from '../registry/provinces.js';
import type { Dossier } from './dossier.js';

/** One stop on an item's way: what happened, when, and in which province. */
export interface JourneyStop {
  readonly step: Step;
  readonly at: Instant;
  /** When the ledger was told; much later than `at` means a late entry. */
  readonly recordedAt: Instant;
  readonly province: ProvinceCode;
}

/** How fresh an answer is (D7): the block it rests on, and when this copy last knew that it was at the head. */
export interface AsOf {
  readonly height: string;
  readonly blockTime: Instant;
  readonly knownAt: Instant;
}

export interface PublicItem {
  readonly dossier: Dossier;
  /** The oldest first. Absent for the seconds after a start in which the copy cannot say yet that nothing is missing. */
  readonly journey?: readonly JourneyStop[];
  readonly asOf: AsOf;
}

/** What a receipt is checked against; to be pinned by whoever does not want to trust the server. */
export interface TrustRoots {
  readonly channel: string;
  readonly chaincode: string;
  /** PEM certificates of each member organisation's CA. */
  readonly roots: Readonly<Record<string, readonly string[]>>;
  /** Organisations whose peers must have signed. One on the embedded ledger, and the page says so. */
  readonly minimumOrganisations: number;
  /** Revocation lists of their CAs, PEM (RFC 5280 section 5): a peer that stands on one signs in vain. */
  readonly revocationLists?: Readonly<Record<string, readonly string[]>>;
  readonly ledger: 'embedded' | 'fabric';
}
