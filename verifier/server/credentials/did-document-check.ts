/** What an issuer's own DID document says, against the keys on the register. The register decides; a difference is told. */
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { Problem } from '#domain/errors.js';
import { epochMs } from '#domain/instant.js';
import { parseStrictJson } from '#domain/strict-json.js';
import type { Did } from '#domain/trust/did.js';
import { publicKeyJwk } from '#domain/trust/public-key.js';
import type { DidKeyRecord } from '#domain/trust/records.js';

/** How a document and the register differ. */
export type DidDocumentDifference =
  | 'key-missing' // a key that is in force by the register is not one that the document signs credentials with
  | 'key-other' // a key of the same name is another one
  | 'key-unregistered'; // the document signs credentials with a key that the register does not know, or has retired

const LARGEST = 262_144;

/**
 * Compares a document (DID Core 1.0) with the register. Only `assertionMethod` counts, and of each method its id,
 * controller and `publicKeyJwk`; methods in other forms are as good as absent.
 *
 * @param text of the document, e.g. what `https://dai-hoc.example/vp/did.json` answered
 * @param keys all that the register has of the DID
 * @param now milliseconds since 1970
 * @returns the differences, each once, in the order of {@link DidDocumentDifference}; empty where they agree
 * @throws Problem DID_DOCUMENT_MALFORMED
 */
export function didDocumentDifferences(text: string, did: Did, keys: readonly DidKeyRecord[], now: number): readonly DidDocumentDifference[] {
  const asserted = assertedKeys(text, did);
  const inForce = new Map(keys.filter((key) => isInForce(key, now)).map((key) => [`${did}#${key.keyId}`, jwkText(key.publicKeyJwk)]));
  const found = new Set<DidDocumentDifference>();
  for (const [id, jwk] of inForce) {
    if (!asserted.has(id)) found.add('key-missing');
    else if (asserted.get(id) !== jwk) found.add('key-other');
  }
  if ([...asserted.keys()].some((id) => !inForce.has(id))) found.add('key-unregistered');
  return [...found].sort();
}

function isInForce({ from, to }: DidKeyRecord, now: number): boolean {
  return epochMs(from) <= now && (to === undefined || now < epochMs(to));
}

type Members = Readonly<Record<string, unknown>>;

/** Keys that the document lets sign credentials, as text, by their DID URL. */
function assertedKeys(text: string, did: Did): ReadonlyMap<string, string | undefined> {
  const document = membersOf(jsonOf(text, did));
  if (document?.['id'] !== did) throw malformed(did);
  const methods = listOf(document['verificationMethod']).map(membersOf);
  const named = (id: string): Members | undefined => methods.find((one) => one?.['id'] === absolute(id, did) || one?.['id'] === id);
  const asserted = new Map<string, string | undefined>();
  for (const one of listOf(document['assertionMethod'])) {
    const method = typeof one === 'string' ? named(one) : membersOf(one);
    const id = typeof one === 'string' ? one : method?.['id'];
    if (typeof id === 'string') asserted.set(absolute(id, did), keyIn(method, did));
  }
  return asserted;
}

/** `#key-1` stands for the same in the document itself (DID Core 3.2.2). */
function absolute(id: string, did: Did): string {
  return id.startsWith('#') ? `${did}${id}` : id;
}

function keyIn(method: Members | undefined, did: Did): string | undefined {
  if (method?.['controller'] !== did) return undefined;
  try {
    return jwkText(publicKeyJwk(withoutHints(membersOf(method['publicKeyJwk']))));
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** What a JWK may say besides its key (RFC 7517 section 4). */
function withoutHints(jwk: Members | undefined): Members | undefined {
  if (jwk === undefined) return undefined;
  const { kid: _kid, alg: _alg, use: _use, key_ops: _operations, ...key } = jwk;
  return key;
}

function jwkText(jwk: DidKeyRecord['publicKeyJwk']): string {
  return canonicalJson(jwk as unknown as Json);
}

function jsonOf(text: string, did: Did): unknown {
  try {
    return parseStrictJson(text, LARGEST);
  } catch (error) {
    if (error instanceof Problem) throw malformed(did);
    throw error;
  }
}

function membersOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Members : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function malformed(did: Did): Problem {
  return new Problem('DID_DOCUMENT_MALFORMED', { did });
}
