/** A licence for special-control chemicals as a credential (NĐ 26/2026; forms VI and VII of TT 01/2026). */
import { checkLicenceLines, LICENCE_LINE, type LicenceRequest } from '../chemistry/licence.js';
import type { Day } from '../instant.js';
import { organisationId, province } from '../registry/organisation.js';
import { at, list, object, oneOf, optional, text, type Parsed, type Shape } from '../shape.js';
import { credentialId } from './credential-id.js';
import { checkEnterpriseNumber, enterpriseNumberForm } from './enterprise-number.js';

const line = object({
  ...LICENCE_LINE,
  /** Where it is kept and handled: a licence holds at its sites, not wherever the holder goes. */
  site: object({ address: text(300), province }),
  /** Annex III of NĐ 24/2026: group 1 is licensed by the ministry, group 2 by the province. */
  group: oneOf('1', '2'),
});

const members = object({
  /** As issued, e.g. `01/GP-HC`; unique with its authority only. */
  number: text(60),
  authority: object({ organisation: organisationId, name: text(200), nameEn: optional(text(200)) }),
  holder: object({ organisation: organisationId, enterpriseNumber: enterpriseNumberForm, name: text(200), nameEn: optional(text(200)) }),
  lines: list(line, { min: 1, max: 50 }),
  /** The licence that this one adjusts or replaces, and its credential if it was one. */
  replaces: optional(object({ number: text(60), credential: optional(credentialId) })),
  /** Set in a demonstration. */
  fictional: optional(oneOf('yes')),
});

/** `credentialSubject` of a ChemicalLicenceCredential; its period is that of the credential. */
export type ChemicalLicence = Parsed<typeof members>;
export type ChemicalLicenceLine = ChemicalLicence['lines'][number];

/**
 * Reads the subject of a chemical licence.
 *
 * @throws Problem as `object`, as `chemical:recordLicence` for the lines, ENTERPRISE_NUMBER_… for the holder
 */
export const chemicalLicence: Shape<ChemicalLicence> = (value) => {
  const licence = members(value);
  checkLicenceLines(licence.lines);
  at('holder', () => checkEnterpriseNumber(licence.holder.enterpriseNumber, licence.fictional));
  return licence;
};

/**
 * The argument of `chemical:recordLicence` that puts the same licence on the ledger.
 *
 * @param id under which the ledger keeps it, e.g. the UUID of the credential's id
 * @param validity first and last day, as {@link import('./validity.js').daysOfValidity} gives them
 */
export function licenceRequestOf(licence: ChemicalLicence, id: string, validity: { readonly validFrom: Day; readonly validTo: Day }): LicenceRequest {
  return {
    id,
    number: licence.number,
    holder: licence.holder.organisation,
    validFrom: validity.validFrom,
    validTo: validity.validTo,
    lines: licence.lines.map(({ line: name, substance, least, most, perYear }) => ({ line: name, substance, least, most, perYear })),
  };
}
