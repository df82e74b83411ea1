/** The two libraries whose verification is what other people use: did-jwt-vc, and Veramo 7 with its own provider. */
import { createAgent } from '@veramo/core';
import type { IResolver, ICredentialVerifier } from '@veramo/core-types';
import { CredentialProviderJWT } from '@veramo/credential-jwt';
import { CredentialPlugin } from '@veramo/credential-w3c';
import { DIDResolverPlugin } from '@veramo/did-resolver';
import { verifyCredential } from 'did-jwt-vc';
import type { DIDDocument, DIDResolutionResult } from 'did-resolver';
import type { TrustSnapshot } from '#domain/trust/snapshot.js';

/** The DID document that an issuer publishes: its keys on the register, all for assertions. */
export function documentOf(did: string, { keys }: Pick<TrustSnapshot, 'keys'>): DIDDocument {
  const methods = keys.filter((key) => key.did === did).map(({ keyId, publicKeyJwk }) => ({ id: `${did}#${keyId}`, type: 'JsonWebKey2020', controller: did, publicKeyJwk: { ...publicKeyJwk } }));
  return { '@context': ['https://www.w3.org/ns/did/v1'], id: did, verificationMethod: methods, assertionMethod: methods.map(({ id }) => id) };
}

/** Resolves from memory: what a resolver with a warm cache costs. */
function resolverOf(snapshot: TrustSnapshot): { resolve(did: string): Promise<DIDResolutionResult> } {
  const documents = new Map(snapshot.dids.map(({ did }) => [did as string, documentOf(did, snapshot)]));
  return {
    resolve: async (did) => {
      const didDocument = documents.get(did) ?? null;
      return { didDocument, didDocumentMetadata: {}, didResolutionMetadata: didDocument === null ? { error: 'notFound' } : { contentType: 'application/did+json' } };
    },
  };
}

/** Whether a library takes a token; `now` in milliseconds since 1970. */
export type LibraryVerifier = (jwt: string, now: number) => Promise<boolean>;

export function didJwtVc(snapshot: TrustSnapshot): LibraryVerifier {
  const resolver = resolverOf(snapshot);
  return async (jwt, now) => (await verifyCredential(jwt, resolver, { policies: { now: Math.floor(now / 1000) }, proofPurpose: 'assertionMethod' })).verified;
}

export function veramo(snapshot: TrustSnapshot): LibraryVerifier {
  const agent = createAgent<IResolver & ICredentialVerifier>({
    plugins: [new DIDResolverPlugin({ resolver: resolverOf(snapshot) }), new CredentialPlugin([new CredentialProviderJWT()])],
  });
  return async (jwt, now) => (await agent.verifyCredential({ credential: jwt, policies: { now: Math.floor(now / 1000) } })).verified;
}
