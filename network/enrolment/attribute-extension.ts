/** The certificate extension in which Fabric keeps a member's attributes. */
import type { Extension } from '@peculiar/x509';
import type { EnrolmentRequest } from './identity.js';

/** Fabric CA's object identifier for attributes. */
export const ATTRIBUTE_OID = '1.2.3.4.5.6.7.8.1';

/**
 * The attributes of one member as Fabric CA writes them: the extension's value is plain JSON, without further ASN.1.
 * `hf.EnrollmentID` and `hf.Type` are always there, as Fabric CA adds them by itself.
 *
 * @param request e.g. `{ commonName: 'thu-kho-1', role: 'client', attributes: { prefix: '8930001' } }`
 */
export function attributeExtension(request: EnrolmentRequest, ExtensionClass: typeof Extension): Extension {
  const attrs = { ...request.attributes, 'hf.EnrollmentID': request.commonName, 'hf.Type': request.role };
  return new ExtensionClass(ATTRIBUTE_OID, false, Buffer.from(JSON.stringify({ attrs })));
}
