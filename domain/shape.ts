/** From unknown values to typed ones: rejects, never repairs. A shape is a function; a refusal carries the path. */
import { Problem, within } from './errors.js';
import { plainParagraphs, plainText } from './text.js';

/** Reads a value of type T out of something unknown, or throws a Problem whose `field` is the path inside it. */
export type Shape<T> = (value: unknown) => T;

interface OptionalShape<T> extends Shape<T | undefined> {
  readonly optional: true;
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { readonly optional: true } ? K : never }[keyof F];

/** The type that a shape reads, e.g. `Parsed<typeof productRequest>`. */
export type Parsed<S extends Shape<unknown>> = ReturnType<S>;

type ParsedFields<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: ReturnType<F[K]>;
} & {
  readonly [K in OptionalKeys<F>]?: Exclude<ReturnType<F[K]>, undefined>;
};

/**
 * A JSON object with exactly these fields: a missing one, an unknown one and one given as `undefined` are refused.
 *
 * @throws Problem FIELD_WRONG_TYPE, FIELD_MISSING, FIELD_UNKNOWN
 */
export function object<F extends Fields>(fields: F): Shape<ParsedFields<F>> {
  const names = Object.keys(fields);
  return (value) => {
    const source = asRecord(value);
    refuseUnknown(source, fields);
    const out: Record<string, unknown> = {};
    for (const name of names) readField(name, fields, source, out);
    return out as ParsedFields<F>;
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'object' });
  }
  return value as Readonly<Record<string, unknown>>;
}

function refuseUnknown(source: Readonly<Record<string, unknown>>, fields: Fields): void {
  for (const name of Object.keys(source)) {
    if (!Object.hasOwn(fields, name)) throw new Problem('FIELD_UNKNOWN', { field: name.slice(0, 60) });
  }
}

function readField(name: string, fields: Fields, source: Readonly<Record<string, unknown>>, out: Record<string, unknown>): void {
  const shape = fields[name];
  if (shape === undefined) return;
  const value = Object.hasOwn(source, name) ? source[name] : undefined;
  if (value === undefined) {
    if (!('optional' in shape)) throw new Problem('FIELD_MISSING', { field: name });
    return;
  }
  out[name] = at(name, () => shape(value));
}

/** Runs `read`, placing its refusal below `path`. */
export function at<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Problem ? within(path, error) : error;
  }
}

/** A field that may be left out. */
export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return Object.assign((value: unknown) => (value === undefined ? undefined : shape(value)), { optional: true as const });
}

/**
 * A list of `min` to `max` members.
 *
 * @throws Problem FIELD_WRONG_TYPE, LIST_EMPTY, LIST_TOO_LONG
 */
export function list<T>(member: Shape<T>, limits: { min?: number; max: number }): Shape<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'list' });
    if (value.length < (limits.min ?? 0)) throw new Problem('LIST_EMPTY', { field: '' });
    if (value.length > limits.max) throw new Problem('LIST_TOO_LONG', { field: '', longest: String(limits.max) });
    return value.map((one, index) => at(`[${index}]`, () => member(one)));
  };
}

/** A list in which nothing stands twice. Throws as `list`, and LIST_REPEATS. */
export function distinct<T extends string>(member: Shape<T>, limits: { min?: number; max: number }): Shape<readonly T[]> {
  const read = list(member, limits);
  return (value) => {
    const members = read(value);
    const seen = new Set<string>();
    for (const one of members) {
      if (seen.has(one)) throw new Problem('LIST_REPEATS', { field: '', value: one });
      seen.add(one);
    }
    return members;
  };
}

/** One line of plain text of at most `longest` UTF-16 units. */
export const text = (longest: number): Shape<string> => (value) => plainText(value, longest);

/** Several lines of it. */
export const paragraphs = (longest: number): Shape<string> => (value) => plainParagraphs(value, longest);

/** One of the named words. Throws FIELD_WRONG_VALUE. */
export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return (value) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new Problem('FIELD_WRONG_VALUE', { expected: words.join(' | ') });
    return found;
  };
}

/** A text that `pattern` (anchored) accepts; `expected` tells the caller what was wanted. */
export function matching(pattern: RegExp, expected: string): Shape<string> {
  return (value) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new Problem('FIELD_WRONG_VALUE', { expected });
    return value;
  };
}

/** A text read by `parse`, which throws its own Problem. */
export function parsedBy<T>(parse: (text: string) => T): Shape<T> {
  return (value) => {
    if (typeof value !== 'string') throw new Problem('FIELD_WRONG_TYPE', { expected: 'text' });
    return parse(value);
  };
}

/** A whole number between two bounds. */
export function wholeNumber(least: number, most: number): Shape<number> {
  return (value) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
      throw new Problem('FIELD_WRONG_VALUE', { expected: `whole number ${least} to ${most}` });
    }
    return value;
  };
}

/** `true` or `false`. */
export const flag: Shape<boolean> = (value) => {
  if (typeof value !== 'boolean') throw new Problem('FIELD_WRONG_TYPE', { expected: 'true or false' });
  return value;
};
