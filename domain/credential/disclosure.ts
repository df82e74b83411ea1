/**
 * Personal data beside a credential: disclosures of RFC 9901 (SD-JWT), of which the signed payload holds digests only.
 * A disclosure whose salt is destroyed can no longer be tied to its digest.
 */
import { decodeBase64Url, encodeBase64Url } from '../base64url.js';
import { Problem, require, within } from '../errors.js';
import { matching, type Shape } from '../shape.js';
import { parseStrictJson } from '../strict-json.js';
import { utf8Bytes, utf8Text } from '../utf8.js';
import { PERSONAL_SHAPES, type DisclosureName, type PersonalData } from './personal-data.js';

export type { DisclosureName, PersonalData } from './personal-data.js';

export interface Disclosure {
  /** 128 random bits, e.g. `2GLC42sKQveCfGfryNRN9w`. */
  readonly salt: string;
  readonly name: DisclosureName;
  readonly value: string;
}

/** Names are few and values short; nothing longer is decoded. */
const LONGEST = 1_024;

/** 16 bytes in base64url: 22 characters, the last of which has four spare bits. */
export const disclosureSalt: Shape<string> = matching(/^[A-Za-z0-9_-]{21}[AQgw]$/, 'base64url of 16 bytes, 22 characters');

/**
 * The text that is handed to the holder, and whose SHA-256 (over its ASCII) stands in `_sd` (RFC 9901 4.2.1, 4.2.3).
 *
 * @param salt 22 characters of base64url
 * @param name e.g. `fullName`
 * @param value e.g. `Nguyễn Thị Mây`
 * @returns base64url of `["2GLC42sKQveCfGfryNRN9w","fullName","Nguyễn Thị Mây"]`
 * @throws Problem as {@link readDisclosure}
 */
export function encodeDisclosure(salt: string, name: DisclosureName, value: string): string {
  const checked = disclosure([salt, name, value]);
  return encodeBase64Url(utf8Bytes(JSON.stringify([checked.salt, checked.name, checked.value])));
}

/**
 * Reads a disclosure in the one spelling that {@link encodeDisclosure} gives: the standard would allow others of the same
 * content, and this profile does not need them.
 *
 * @param text one disclosure, without the `~` around it
 * @throws Problem DISCLOSURE_MALFORMED (not base64url of UTF-8 of a JSON list of three texts), DISCLOSURE_NOT_CANONICAL,
 *   DISCLOSURE_NAME_UNKNOWN; with field `salt` FIELD_WRONG_VALUE; with field `value` those of {@link PERSONAL_SHAPES}
 */
export function readDisclosure(text: string): Disclosure {
  const read = disclosure(jsonOf(text));
  require(encodeDisclosure(read.salt, read.name, read.value) === text, 'DISCLOSURE_NOT_CANONICAL', { name: read.name });
  return read;
}

function jsonOf(text: string): unknown {
  const bytes = text.length > LONGEST ? undefined : decodeBase64Url(text);
  const json = bytes === undefined ? undefined : utf8Text(bytes);
  if (json === undefined) throw new Problem('DISCLOSURE_MALFORMED');
  try {
    return parseStrictJson(json, LONGEST);
  } catch (error) {
    if (error instanceof Problem) throw new Problem('DISCLOSURE_MALFORMED');
    throw error;
  }
}

function disclosure(value: unknown): Disclosure {
  require(Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'string'), 'DISCLOSURE_MALFORMED');
  const [salt = '', name = '', stated = ''] = value;
  require(isDisclosureName(name), 'DISCLOSURE_NAME_UNKNOWN', { name: name.slice(0, 60).replaceAll(/[^\w.-]/g, '?') });
  return { salt: under('salt', () => disclosureSalt(salt)), name, value: under('value', () => PERSONAL_SHAPES[name](stated)) };
}

function under<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Problem ? within(field, error) : error;
  }
}

function isDisclosureName(name: string): name is DisclosureName {
  return Object.hasOwn(PERSONAL_SHAPES, name);
}

/**
 * What a set of disclosures says together. A holder may show some and keep others.
 *
 * @param disclosures of one credential, their digests already found in its payload
 * @param allowed names that its type discloses
 * @throws Problem DISCLOSURE_NAME_UNKNOWN, DISCLOSURE_REPEATED with field `name`
 */
export function disclosedData(disclosures: readonly Disclosure[], allowed: readonly DisclosureName[]): Partial<PersonalData> {
  const data: Partial<Record<DisclosureName, string>> = {};
  for (const { name, value } of disclosures) {
    require(allowed.includes(name), 'DISCLOSURE_NAME_UNKNOWN', { name });
    require(data[name] === undefined, 'DISCLOSURE_REPEATED', { name });
    data[name] = value;
  }
  return data as Partial<PersonalData>;
}
