/** DID documents (DID Core 1.0): what a DID's keys are, and which of them may sign credentials now. */
import type { Json } from '#domain/canonical-json.js';
import type { HeldDid, HeldKey } from './held-did.js';

const CONTEXTS = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'];

/**
 * Retired keys stay listed, because what they signed in their time is checked by them; only keys in force stand under
 * `assertionMethod`. Their periods are on the ledger; `expires` and `revoked` tell them also to readers who know no
 * ledger (Controlled Identifiers 1.0 section 2.2).
 *
 * @returns e.g. `{ "@context": […], "id": "did:web:…", "verificationMethod": […], "assertionMethod": ["did:web:…#key-2"] }`
 */
export function didDocument({ did, keys }: Pick<HeldDid, 'did' | 'keys'>): { readonly [member: string]: Json } {
  const shown = keys.filter((key) => key.state !== 'proposed');
  return {
    '@context': CONTEXTS,
    id: did,
    verificationMethod: shown.map((key) => verificationMethod(did, key)),
    assertionMethod: shown.filter((key) => key.state === 'active').map((key) => `${did}#${key.keyId}`),
  };
}

function verificationMethod(did: string, { keyId, publicKeyJwk, state, to, compromisedSince }: HeldKey): Json {
  return {
    id: `${did}#${keyId}`, type: 'JsonWebKey2020', controller: did, publicKeyJwk: { ...publicKeyJwk },
    ...(state === 'superseded' && to !== undefined ? { expires: to } : {}),
    ...(state === 'compromised' ? { revoked: compromisedSince ?? to } : {}),
  };
}
