/**
 * VC Data Model 1.1 as JWT through did-jwt-vc, the one place that knows it. Its types do not hold under this compiler, so
 * what is used of it is typed here. Header and payload are canonical JSON (RFC 8785).
 */
import { createVerifiableCredentialJwt } from 'did-jwt-vc';
import type { Json } from '#domain/canonical-json.js';
import { Problem } from '#domain/errors.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';

/** A credential without its proof, in the standard's JSON form (VC Data Model 1.1 section 4). */
export interface UnsignedCredential {
  readonly '@context': readonly string[];
  readonly type: readonly string[];
  readonly issuer: string;
  /** RFC 3339 with whole seconds. */
  readonly issuanceDate: string;
  readonly credentialSubject: { readonly [name: string]: Json | undefined };
  readonly [member: string]: Json | undefined;
}

export interface JwtSigner {
  readonly did: string;
  readonly algorithm: SignatureAlgorithm;
  /** DID URL of the key, e.g. `did:web:…#key-1`. */
  readonly kid: string;
  /** Of the signing input; answers the JWS signature in base64url. */
  readonly sign: (input: string | Uint8Array) => Promise<string>;
}

type Encode = (
  payload: object,
  issuer: { did: string; signer: JwtSigner['sign']; alg: string },
  options: { header: { kid: string }; canonicalize: true; removeOriginalFields: true },
) => Promise<string>;

const encode = createVerifiableCredentialJwt as Encode;

const CONTEXT_V1 = 'https://www.w3.org/2018/credentials/v1';
/** Members that the data model has since version 2 only. */
const OF_VERSION_2 = ['validFrom', 'validUntil', 'name', 'description', 'relatedResource', 'confidenceMethod'] as const;

/**
 * Refuses what version 1.1 does not define: an encoder that knows only 1.1 would sign it as something between the two.
 *
 * @throws Problem CREDENTIAL_MODEL_UNSUPPORTED with the member at fault in `field`
 */
export function refuseOtherModels(credential: Readonly<Record<string, unknown>>): void {
  const contexts = credential['@context'];
  if (!Array.isArray(contexts) || contexts[0] !== CONTEXT_V1 || contexts.some((one) => typeof one === 'string' && one.startsWith('https://www.w3.org/ns/credentials/v2'))) {
    throw new Problem('CREDENTIAL_MODEL_UNSUPPORTED', { field: '@context', expected: CONTEXT_V1 });
  }
  const newer = OF_VERSION_2.find((member) => Object.hasOwn(credential, member));
  if (newer !== undefined) throw new Problem('CREDENTIAL_MODEL_UNSUPPORTED', { field: newer, expected: 'VC Data Model 1.1' });
}

/**
 * Signs a credential; the caller's object stays as it is.
 *
 * @returns a compact JWT with header `{"alg":…,"kid":…,"typ":"JWT"}`
 * @throws Problem CREDENTIAL_MODEL_UNSUPPORTED
 */
export async function encodeCredentialJwt(credential: UnsignedCredential, { did, algorithm, kid, sign }: JwtSigner): Promise<string> {
  refuseOtherModels(credential);
  return encode(credential, { did, signer: sign, alg: algorithm }, { header: { kid }, canonicalize: true, removeOriginalFields: true });
}
