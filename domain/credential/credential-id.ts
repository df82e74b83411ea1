/** The id inside the signed payload: what revocation is keyed by, and what replaces what (`jti`, RFC 7519 4.1.7). */
import { matching } from '../shape.js';

const URN_UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for `urn:uuid:` and a UUID of version 4 (RFC 9562 5.4) in lower case: one spelling, 122 random bits. */
export function isUrnUuid(text: string): boolean {
  return URN_UUID.test(text);
}

/** The id of a credential, e.g. `urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d`. Throws FIELD_WRONG_VALUE. */
export const credentialId = matching(URN_UUID, 'urn:uuid of version 4 in lower case');
