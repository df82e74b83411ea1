import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import * as chemical from '../../../gateway/forms/chemical-forms.js';
import { LICENCE, REVOCATION, SUSPENSION } from '../../../gateway/forms/licence-forms.js';
import * as movement from '../../../gateway/forms/movement-forms.js';
import * as product from '../../../gateway/forms/product-forms.js';
import * as registry from '../../../gateway/forms/registry-forms.js';
import { withoutFields, type JsonSchema, type RequestForm } from '../../../gateway/forms/request-form.js';
import * as report from '../../../gateway/forms/report-forms.js';
import * as serial from '../../../gateway/forms/serial-forms.js';
import { KEY_CUSTODY, OWN_KEY, SIGNATURE } from '../../../gateway/forms/signing-forms.js';
import { COMMITMENT, CREDENTIAL_REVOCATION, DID_KEY, DID_KEY_RETIREMENT, DID_REGISTRATION, DID_WITHDRAWAL, GRANT, GRANT_REVOCATION, STATUS_LIST } from '../../../gateway/forms/trust-forms.js';
import { API_KEY } from '../../../gateway/routes/api-keys.js';
import { SSCC_ORDER } from '../../../gateway/routes/packing.js';
import { strictValidator, type Compile } from './schema-validator.js';

const TRUST = { DID_REGISTRATION, DID_WITHDRAWAL, DID_KEY, DID_KEY_RETIREMENT, GRANT, GRANT_REVOCATION, COMMITMENT, STATUS_LIST, CREDENTIAL_REVOCATION };
const FORMS: [string, RequestForm][] = Object.entries({ ...TRUST, LICENCE, REVOCATION, SUSPENSION, ...product, ...movement, ...chemical, ...registry, ...serial, KEY_CUSTODY, OWN_KEY, SIGNATURE, CITIZEN_REPORT: report.CITIZEN_REPORT, HANDLING: report.HANDLING, API_KEY, SSCC_ORDER });

let compile: Compile;
beforeAll(async () => {
  compile = await strictValidator();
});

const describes = (schema: JsonSchema, value: unknown): boolean => compile(schema)(value);

function reads(form: RequestForm, value: unknown): boolean {
  try {
    form.shape(value);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

type Path = readonly (string | number)[];

/** Every place in an example, the whole first. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, Array.isArray(value) ? Number(key) : key]))];
}

/** The example with something else in one place; `undefined` takes a field away. */
function changed(value: unknown, [head, ...rest]: Path, to: unknown): unknown {
  if (head === undefined) return to;
  if (Array.isArray(value)) return value.map((one: unknown, index) => (index === head ? changed(one, rest, to) : one));
  const record = { ...(value as Record<string, unknown>) };
  const inner = changed(record[String(head)], rest, to);
  if (inner === undefined) delete record[String(head)];
  else record[String(head)] = inner;
  return record;
}

/** Values of a wrong kind or size: description and rule must refuse the same ones. */
const INTRUDERS: readonly unknown[] = [null, 5, -1, 1.5, true, '', 'x'.repeat(5000), [], {}, { stranger: 1 }, [null]];

describe.each(FORMS)('%s', (_name, form) => {
  it('describes and reads its example', () => {
    expect(() => form.shape(form.example)).not.toThrow();
    expect(describes(form.schema, form.example)).toBe(true);
  });

  it('says the same of every field that is missing', () => {
    for (const path of placesIn(form.example).filter((place) => typeof place.at(-1) === 'string')) {
      const without = changed(form.example, path, undefined);
      expect([path, describes(form.schema, without)]).toEqual([path, reads(form, without)]);
    }
  });

  it('says the same of a field that nobody knows', () => {
    for (const path of placesIn(form.example).filter((place) => isObject(at(form.example, place)))) {
      const more = changed(form.example, [...path, 'stranger'], 'x');
      expect([path, describes(form.schema, more), reads(form, more)]).toEqual([path, false, false]);
    }
  });

  it('says the same of values of a wrong kind or size', () => {
    for (const path of placesIn(form.example)) {
      for (const intruder of INTRUDERS) {
        const value = changed(form.example, path, intruder);
        expect([path, intruder, describes(form.schema, value)]).toEqual([path, intruder, reads(form, value)]);
      }
    }
  });

  it('says the same of a thing that stands twice', () => {
    for (const path of placesIn(form.example).filter((place) => Array.isArray(at(form.example, place)))) {
      const list = at(form.example, path) as unknown[];
      if (list.length === 0 || typeof list[0] !== 'string') continue;
      const twice = changed(form.example, path, [...list, list[0]]);
      expect([path, describes(form.schema, twice)]).toEqual([path, reads(form, twice)]);
    }
  });
});

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('a description without the fields of the path', () => {
  it('neither asks for them nor takes them', () => {
    const body = withoutFields(product.LOT_RELEASE.schema, ['gtin', 'lot']);
    expect(describes(body, { reason: 'x' })).toBe(true);
    expect(describes(body, { reason: 'x', lot: 'L1' })).toBe(false);
  });
});
