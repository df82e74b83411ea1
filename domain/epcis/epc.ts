/** Things in EPCIS events: GS1 Digital Links or EPC URNs outside, ledger keys inside. */
import { Problem, require } from '../errors.js';
import { CANONICAL_STEM, parseDigitalLink } from '../gs1/digital-link.js';
import { parseEpcUrn } from '../gs1/epc-urn.js';
import { valueOf, type Identification } from '../gs1/identification.js';
import { itemKeyOf, parseItemKey, parseLot, type ItemKey, type Lot, type ParsedItemKey } from '../gs1/item-key.js';

/** A thing that an event names. */
export interface NamedThing {
  readonly key: ItemKey;
  readonly parsed: ParsedItemKey;
  /** The lot that a serial's link states besides: no part of its key. */
  readonly lot?: Lot;
}

/** e.g. `/01/09520000000011/21/S1` → `https://id.gs1.org/01/09520000000011/21/S1`. */
export function epcUri(key: ItemKey): string {
  return CANONICAL_STEM + key;
}

/**
 * @param uri e.g. `https://id.example.org/01/09520000000011/10/L1/21/S1` or `urn:epc:id:sgtin:9520000.000001.S1`
 * @returns e.g. key `/01/09520000000011/21/S1`, lot `L1`
 * @throws Problem EPCIS_EPC_NOT_GS1, and the LINK_…, EPC_URN_…, GTIN_…, SSCC_…, GLN_…, LOT_… and SERIAL_… codes
 */
export function readEpc(uri: string): NamedThing {
  const identification = identificationIn(uri);
  const key = itemKeyOf(identification);
  const lot = valueOf(identification.qualifiers, '10');
  return { key, parsed: parseItemKey(key), ...(lot === undefined ? {} : { lot: parseLot(lot) }) };
}

function identificationIn(uri: string): Identification {
  if (uri.startsWith('urn:epc:')) return parseEpcUrn(uri);
  require(/^https?:/i.test(uri), 'EPCIS_EPC_NOT_GS1', { value: uri.slice(0, 200) });
  return parseDigitalLink(uri);
}

/**
 * Refuses a thing of another kind than the event's field has room for.
 *
 * @throws Problem EPCIS_EPC_KIND_WRONG
 */
export function requireKind<K extends ParsedItemKey['kind']>(thing: NamedThing, ...kinds: readonly K[]): Extract<ParsedItemKey, { kind: K }> {
  const { parsed, key } = thing;
  if (!(kinds as readonly string[]).includes(parsed.kind)) throw new Problem('EPCIS_EPC_KIND_WRONG', { item: key, expected: kinds.join(' | ') });
  return parsed as Extract<ParsedItemKey, { kind: K }>;
}
