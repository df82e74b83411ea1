/** The text of a credential, taken apart: `<jwt>`, `~<disclosure>` for each and a closing `~`, `#<evidence>`. */
import { decodeBase64Url } from '#domain/base64url.js';
import { Problem, type ProblemCode } from '#domain/errors.js';

/** A compact JWS (RFC 7515 section 7.1), each part still in base64url but for the signature. */
export interface JwsParts {
  readonly header: string;
  readonly payload: string;
  /** Characters of `header.payload`, which is what is signed. */
  readonly signedLength: number;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

export interface CredentialText {
  /** The whole token, by whose hash it is committed to. */
  readonly jwt: string;
  readonly jws: JwsParts;
  readonly disclosures: readonly string[];
  /** `undefined` where there is no `#`. */
  readonly evidence: string | undefined;
}

/** UTF-16 units; every allowed character is one byte. */
export const LONGEST_TEXT = 65_536;

const LONGEST_HEADER = 1_024;
/** 64 bytes in base64url. */
const SIGNATURE_LENGTH = 86;
/** The type with the most has five. */
const MOST_DISCLOSURES = 16;

/**
 * Takes a credential's text apart. Nothing is decoded but the signature; white space around the text is the caller's to
 * remove, and nothing else is. Most of what is no credential ends here, so it ends without an exception.
 *
 * @param text e.g. `eyJ….eyJ….c2ln…~WyIy…~#eyJj…`
 * @returns the parts; or CREDENTIAL_TOO_LARGE, CREDENTIAL_TEXT_MALFORMED, CREDENTIAL_SIGNATURE_MALFORMED,
 *   CREDENTIAL_BASE64URL_WRONG (of the signature)
 */
export function credentialText(text: string): CredentialText | ProblemCode {
  if (text.length > LONGEST_TEXT) return 'CREDENTIAL_TOO_LARGE';
  const hash = text.indexOf('#');
  const shown = hash === -1 ? text : text.slice(0, hash);
  const tilde = shown.indexOf('~');
  const jwt = tilde === -1 ? shown : shown.slice(0, tilde);
  const jws = jwsParts(jwt);
  if (typeof jws === 'string') return jws;
  const disclosures = tilde === -1 ? [] : disclosuresIn(shown.slice(tilde + 1));
  if (disclosures === undefined) return 'CREDENTIAL_TEXT_MALFORMED';
  return { jwt, jws, disclosures, evidence: hash === -1 ? undefined : text.slice(hash + 1) };
}

/**
 * Takes a compact JWS apart.
 *
 * @throws Problem CREDENTIAL_TEXT_MALFORMED, CREDENTIAL_SIGNATURE_MALFORMED, CREDENTIAL_BASE64URL_WRONG (of the signature)
 */
export function readJws(jwt: string): JwsParts {
  const parts = jwsParts(jwt);
  if (typeof parts === 'string') throw new Problem(parts);
  return parts;
}

/** The length of the signature is looked at before anything is copied. */
function jwsParts(jwt: string): JwsParts | ProblemCode {
  const first = jwt.indexOf('.');
  const last = jwt.indexOf('.', first + 1);
  const areThree = first > 0 && last > first + 1 && !jwt.includes('.', last + 1);
  if (!areThree || first > LONGEST_HEADER) return 'CREDENTIAL_TEXT_MALFORMED';
  if (jwt.length - last - 1 !== SIGNATURE_LENGTH) return 'CREDENTIAL_SIGNATURE_MALFORMED';
  const signature = decodeBase64Url(jwt.slice(last + 1));
  if (signature === undefined) return 'CREDENTIAL_BASE64URL_WRONG';
  return { header: jwt.slice(0, first), payload: jwt.slice(first + 1, last), signedLength: last, signature };
}

/** What stands between the first `~` and the end; the last `~` closes the list. */
function disclosuresIn(text: string): readonly string[] | undefined {
  if (!text.endsWith('~') || text.length === 1) return undefined;
  const parts = text.slice(0, -1).split('~', MOST_DISCLOSURES + 1);
  return parts.length <= MOST_DISCLOSURES && !parts.includes('') ? parts : undefined;
}
