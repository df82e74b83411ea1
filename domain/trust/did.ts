/** Decentralised identifiers of the three methods taken here: `did:web`, `did:key`, `did:jwk` (DID Core 1.0). */
import { Problem } from '../errors.js';
import { parsedBy, type Shape } from '../shape.js';
import { checkDidJwk } from './did-jwk.js';
import { checkDidKey } from './did-key.js';
import { checkDidWeb } from './did-web.js';

/** e.g. `did:web:bo-cong-thuong.example`, in its one spelling, so that equal texts are equal identifiers. */
export type Did = string & { readonly __did: true };

export type DidMethod = 'web' | 'key' | 'jwk';

/** A DID is a ledger key, stands in URLs and in every credential. */
const LONGEST = 400;

const METHODS: Readonly<Record<DidMethod, (identifier: string, did: string) => void>> = { web: checkDidWeb, key: checkDidKey, jwk: checkDidJwk };

/**
 * @param text e.g. `did:web:dai-hoc.example:vp`, `did:key:zDn…`, `did:jwk:eyJ…`; no path, query or fragment
 * @throws Problem DID_MALFORMED; DID_METHOD_NOT_ALLOWED for other methods, and for keys other than P-256 and Ed25519
 */
export function parseDid(text: string): Did {
  const [, method, identifier] = /^did:([a-z0-9]+):([A-Za-z0-9._:%-]+)$/.exec(text.slice(0, LONGEST + 1)) ?? [];
  if (method === undefined || identifier === undefined || text.length > LONGEST) throw new Problem('DID_MALFORMED', { did: text.slice(0, 80) });
  if (!isMethod(method)) throw new Problem('DID_METHOD_NOT_ALLOWED', { did: text.slice(0, 80), method });
  METHODS[method](identifier, text);
  return text as Did;
}

export const did: Shape<Did> = parsedBy(parseDid);

/** The method of a DID, e.g. `web`. */
export function didMethod(of: Did): DidMethod {
  const method = of.slice(4, of.indexOf(':', 4));
  if (!isMethod(method)) throw new TypeError(`not a parsed DID: ${of}`);
  return method;
}

function isMethod(text: string): text is DidMethod {
  return Object.hasOwn(METHODS, text);
}
