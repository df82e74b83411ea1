import { textOf } from './bytes.js';
import { DER, DerReader } from './der-reader.js';
import { Refusal } from './refusal.js';

/** A name in a certificate (RFC 5280 section 4.1.2.4). */
export interface DistinguishedName {
  /** The DER bytes of the whole name: names are compared by these and by nothing else. */
  readonly der: Uint8Array;
  /** The last CN, e.g. `peer0.org1.example`; `undefined` if there is none. For showing only. */
  readonly commonName: string | undefined;
  /** Every OU in order, e.g. `['peer', 'org1']`. */
  readonly organisationalUnits: readonly string[];
}

const COMMON_NAME = '550403';
const ORGANISATIONAL_UNIT = '55040b';
const TEXT_TAGS: ReadonlySet<number> = new Set([DER.utf8String, DER.printableString, DER.ia5String]);

/**
 * Reads a Name. Several attributes may share one relative name: some enrolment services write all OUs that way.
 *
 * @throws Refusal CERTIFICATE_MALFORMED; CERTIFICATE_UNSUPPORTED for an attribute that is not in one of the string
 * types UTF8String, PrintableString and IA5String
 */
export function readName(reader: DerReader): DistinguishedName {
  const der = reader.whole(DER.sequence);
  const relativeNames = new DerReader(der).inside(DER.sequence);
  const commonNames: string[] = [];
  const organisationalUnits: string[] = [];
  while (!relativeNames.atEnd) {
    const attributes = relativeNames.inside(DER.set);
    do {
      const { type, value } = readAttribute(attributes);
      if (type === COMMON_NAME) commonNames.push(textValue(value));
      if (type === ORGANISATIONAL_UNIT) organisationalUnits.push(textValue(value));
    } while (!attributes.atEnd);
  }
  return { der, commonName: commonNames.at(-1), organisationalUnits };
}

function readAttribute(attributes: DerReader): { type: string; value: Uint8Array } {
  const attribute = attributes.inside(DER.sequence);
  const type = attribute.objectIdentifier();
  const tag = attribute.nextTag ?? DER.utf8String; // where nothing is left, the next line but one refuses
  if (!TEXT_TAGS.has(tag)) throw new Refusal('CERTIFICATE_UNSUPPORTED');
  const value = attribute.content(tag);
  attribute.end();
  return { type, value };
}

/** ASCII is UTF-8, so one decoder serves the three string types. */
function textValue(bytes: Uint8Array): string {
  const text = textOf(bytes);
  if (text === undefined) throw new Refusal('CERTIFICATE_MALFORMED');
  return text;
}
