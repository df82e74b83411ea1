/** What a body of a request may be, twice: the rule that decides, and its description for people and tools. */
import type { Shape } from '#domain/shape.js';

/** JSON Schema (2020-12, as OpenAPI 3.1 uses it). It describes; it never decides. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface RequestForm<T = unknown> {
  /** Reads the body: the one rule, shared with the contracts. */
  readonly shape: Shape<T>;
  readonly schema: JsonSchema;
  /** A whole, right body: shown in the documentation, fed to rule and description by a test. */
  readonly example: Readonly<Record<string, unknown>>;
}

/** An object with exactly these fields; those in `optional` may be left out. */
export function objectSchema(required: Readonly<Record<string, JsonSchema>>, optional: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  return { type: 'object', properties: { ...required, ...optional }, required: Object.keys(required), additionalProperties: false };
}

/** A list of `min` to `max`, nothing twice where `distinct`. */
export function listSchema(items: JsonSchema, limits: { readonly min?: number; readonly max: number; readonly distinct?: boolean }): JsonSchema {
  return { type: 'array', items, minItems: limits.min ?? 0, maxItems: limits.max, ...(limits.distinct === true ? { uniqueItems: true } : {}) };
}

/** The same without the fields that stand in the path. */
export function withoutFields(schema: JsonSchema, fields: readonly string[]): JsonSchema {
  const properties = Object.entries(schema['properties'] as Record<string, JsonSchema>).filter(([name]) => !fields.includes(name));
  const required = (schema['required'] as readonly string[]).filter((name) => !fields.includes(name));
  return { ...schema, properties: Object.fromEntries(properties), required };
}
