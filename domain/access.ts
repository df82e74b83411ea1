/** Who may call what. Default deny: a caller needs a role, the role needs its organisation, the table needs the row. */
import { Problem, require } from './errors.js';
import { parseOrganisationId, type OrganisationId } from './registry/organisation.js';
import { TRANSACTIONS, type Role, type TransactionName } from './transactions.js';

/** Who calls, as the certificate says it. */
export interface Caller {
  /** The member organisation that issued the certificate, e.g. `IndustryMSP`. */
  readonly msp: string;
  readonly role: Role;
  readonly organisation: OrganisationId;
}

/** A role counts only in a certificate of the member that may give it: an industry CA cannot make an inspector. */
const MEMBER_OF_ROLE: Readonly<Record<Role, readonly string[]>> = {
  registrar: ['RegulatorMSP'],
  authority: ['RegulatorMSP'],
  inspector: ['RegulatorMSP'],
  enterprise: ['IndustryMSP'],
  institution: ['EducationMSP'],
  reader: ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'],
};

/**
 * @param msp of the caller, e.g. `IndustryMSP`
 * @param role attribute `role` of the certificate, `null` where it has none
 * @param organisation attribute `org` of the certificate
 * @throws Problem CALLER_UNREADABLE, ORGANISATION_ID_MALFORMED
 */
export function parseCaller(msp: string, role: string | null, organisation: string | null): Caller {
  require(role !== null && isRole(role) && organisation !== null, 'CALLER_UNREADABLE', { msp });
  return { msp, role, organisation: parseOrganisationId(organisation) };
}

function isRole(text: string): text is Role {
  return Object.hasOwn(MEMBER_OF_ROLE, text);
}

/** @throws Problem CALLER_NOT_ALLOWED */
export function authorise(transaction: TransactionName, caller: Caller): void {
  const rule = TRANSACTIONS[transaction];
  const allowed = (rule.roles as readonly Role[]).includes(caller.role) && MEMBER_OF_ROLE[caller.role].includes(caller.msp);
  if (!allowed) throw new Problem('CALLER_NOT_ALLOWED', { transaction, role: caller.role, msp: caller.msp });
}
