/**
 * The JSON-LD context of a captured document. A context can give every word another meaning, so only GS1's own is
 * taken, and besides it nothing but prefixes for the names of extensions.
 */
import { Problem, require } from '../errors.js';
import { MASTER_DATA_NAMESPACE, MASTER_DATA_PREFIX } from './event-hash.js';
import { EXTENSION_NAMESPACE, EXTENSION_PREFIX } from './own-uris.js';

/** Prefix → namespace, e.g. `minhchung` → `urn:minhchung:epcis:`. */
export type Prefixes = ReadonlyMap<string, string>;

/** Those that stand without being declared: GS1's context has `cbvmda`, ours is never another's. */
export const STANDING_PREFIXES: Prefixes = new Map([[EXTENSION_PREFIX, EXTENSION_NAMESPACE], [MASTER_DATA_PREFIX, MASTER_DATA_NAMESPACE]]);

const GS1_CONTEXT = /^https:\/\/(?:ref\.gs1\.org\/standards\/epcis\/(?:2\.0\.\d{1,2}\/)?|gs1\.github\.io\/EPCIS\/)epcis-context\.jsonld$/;
const PREFIX = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;
const NAMESPACE = /^[a-z][a-z0-9+.-]*:[!-~]{1,200}$/;
const MOST_PARTS = 10;

/**
 * @param context the value of `@context`: GS1's address, objects with prefixes, or a list of both
 * @param known prefixes of an enclosing document
 * @throws Problem FIELD_MISSING, EPCIS_CONTEXT_UNSUPPORTED (field `value`)
 */
export function readContext(context: unknown, known: Prefixes = STANDING_PREFIXES): Prefixes {
  require(context !== undefined, 'FIELD_MISSING', { field: '@context' });
  const parts: unknown[] = Array.isArray(context) ? context : [context];
  if (parts.length > MOST_PARTS) throw unsupported('');
  const prefixes = new Map(known);
  for (const part of parts) addPart(part, prefixes);
  return prefixes;
}

function addPart(part: unknown, prefixes: Map<string, string>): void {
  if (typeof part === 'string') {
    if (!GS1_CONTEXT.test(part)) throw unsupported(part);
    return;
  }
  if (typeof part !== 'object' || part === null || Array.isArray(part)) throw unsupported('');
  for (const [prefix, namespace] of Object.entries(part)) addPrefix(prefix, namespace, prefixes);
}

/** A standing prefix may be repeated, never changed. A word without a colon in it is no prefix of anything here. */
function addPrefix(prefix: string, namespace: unknown, prefixes: Map<string, string>): void {
  if (typeof namespace !== 'string' || !PREFIX.test(prefix) || !NAMESPACE.test(namespace) || !/[:/#]$/.test(namespace)) throw unsupported(prefix);
  const standing = STANDING_PREFIXES.get(prefix);
  if (standing !== undefined && standing !== namespace) throw unsupported(prefix);
  prefixes.set(prefix, namespace);
}

function unsupported(value: string): Problem {
  return new Problem('EPCIS_CONTEXT_UNSUPPORTED', { field: '@context', value: value.slice(0, 200) });
}

/**
 * The name of a member in its usual spelling: `mc:reason` is `minhchung:reason` where `mc` stands for our namespace.
 *
 * @returns e.g. `minhchung:reason`, `cbvmda:lotNumber`; a plain name as it is
 * @throws Problem EPCIS_EXTENSION_UNKNOWN for a namespace that is neither ours nor GS1's master data
 */
export function usualName(name: string, prefixes: Prefixes): string {
  const colon = name.indexOf(':');
  if (colon < 0) return name;
  const namespace = prefixes.get(name.slice(0, colon));
  const full = namespace === undefined ? name : namespace + name.slice(colon + 1);
  for (const [prefix, standing] of STANDING_PREFIXES) {
    if (full.startsWith(standing)) return `${prefix}:${full.slice(standing.length)}`;
  }
  throw new Problem('EPCIS_EXTENSION_UNKNOWN', { field: name.slice(0, 100) });
}

/**
 * An object with every name in its usual spelling, at all depths.
 *
 * @throws Problem EPCIS_EXTENSION_UNKNOWN, JSON_DUPLICATE_KEY where two spellings of one name stand side by side
 */
export function withUsualNames(value: unknown, prefixes: Prefixes): unknown {
  if (Array.isArray(value)) return value.map((one) => withUsualNames(one, prefixes));
  if (typeof value !== 'object' || value === null) return value;
  const out = Object.create(null) as Record<string, unknown>; // so that `__proto__` is a name like any other
  for (const [name, member] of Object.entries(value)) {
    const usual = usualName(name, prefixes);
    require(!Object.hasOwn(out, usual), 'JSON_DUPLICATE_KEY', { field: usual.slice(0, 100) });
    out[usual] = withUsualNames(member, prefixes);
  }
  return out;
}
