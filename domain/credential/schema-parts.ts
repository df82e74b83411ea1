/** Parts of the published JSON Schemas: what each shape accepts, as far as JSON Schema 2020-12 can say it. */
import type { Json } from '../canonical-json.js';

export type JsonSchema = { readonly [keyword: string]: Json };

/** Patterns are ECMA-262 with the flag `u`, as JSON Schema recommends. NFC has no pattern. */
const HIDDEN = '\\p{Cc}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}\\p{Bidi_Control}\\p{Default_Ignorable_Code_Point}';
const PLAIN_TEXT = `^(?!\\s)[^${HIDDEN}]+$(?<!\\s)`;

export const matching = (pattern: string): JsonSchema => ({ type: 'string', pattern });
export const text = (longest: number): JsonSchema => ({ type: 'string', maxLength: longest, pattern: PLAIN_TEXT });
export const oneOf = (...words: readonly string[]): JsonSchema => ({ type: 'string', enum: words });
export const wholeNumber = (least: number, most: number): JsonSchema => ({ type: 'integer', minimum: least, maximum: most });

/** An object with exactly these members; those named in `optional` may be left out. */
export function object(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties).filter((name) => !optional.includes(name)), additionalProperties: false };
}

export function list(items: JsonSchema, limits: { readonly min?: number; readonly max: number; readonly distinct?: true }): JsonSchema {
  return { type: 'array', items, minItems: limits.min ?? 0, maxItems: limits.max, ...(limits.distinct === undefined ? {} : { uniqueItems: true }) };
}

export const ORGANISATION_ID: JsonSchema = { type: 'string', minLength: 2, maxLength: 32, pattern: '^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$' };
/** Days of the right form; that February has no 30th is left to the reader. */
export const DAY: JsonSchema = matching('^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$');
export const CREDENTIAL_ID: JsonSchema = matching('^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$');
/** The check digit has no pattern. */
export const ENTERPRISE_NUMBER: JsonSchema = matching('^[0-9]{10}(?:-(?!000)[0-9]{3})?$');
export const REFERENCE: JsonSchema = matching('^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$');
/** Provinces and substances come and go, and a schema that named them would change with each. */
export const PROVINCE: JsonSchema = matching('^[0-9]{2}$');
export const SUBSTANCE: JsonSchema = matching('^[a-z0-9]+(?:-[a-z0-9]+)*$');
export const PERCENT: JsonSchema = matching('^(?:100(?:\\.0{1,4})?|(?:0|[1-9][0-9]?)(?:\\.[0-9]{1,4})?)$');
export const KILOGRAMS: JsonSchema = matching('^(?!0(?:\\.0{1,6})?$)(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,6})?$');
export const DIGEST: JsonSchema = matching('^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$');
