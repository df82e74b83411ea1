/** The key that a `did:key` or `did:jwk` is, and the name under which signatures refer to it. */
import { didMethod, type Did } from './did.js';
import { readDidJwk } from './did-jwk.js';
import { readDidKey, type DidKeyBytes } from './did-key.js';
import { algorithmOf, type PublicKeyJwk, type SignatureAlgorithm } from './public-key.js';

/** A DID's own key: as JSON Web Key where the DID says it so, else as bytes for the caller's cryptography to decode. */
export type OwnKey = { readonly keyId: string; readonly algorithm: SignatureAlgorithm } & ({ readonly jwk: PublicKeyJwk } | Pick<DidKeyBytes, 'publicKeyBytes'>);

/**
 * The fragment that names a DID's own key.
 *
 * @returns for `did:key` the identifier once more, for `did:jwk` `0`; `undefined` for a `did:web`, whose keys are registered
 */
export function ownKeyId(of: Did): string | undefined {
  const method = didMethod(of);
  if (method === 'web') return undefined;
  return method === 'jwk' ? '0' : identifierOf(of);
}

/** @returns `undefined` for a `did:web` */
export function ownKeyOf(of: Did): OwnKey | undefined {
  const method = didMethod(of);
  if (method === 'web') return undefined;
  if (method === 'key') return { keyId: identifierOf(of), ...readDidKey(identifierOf(of), of) };
  const jwk = readDidJwk(identifierOf(of), of);
  return { keyId: '0', algorithm: algorithmOf(jwk), jwk };
}

function identifierOf(of: Did): string {
  return of.slice('did:key:'.length);
}
