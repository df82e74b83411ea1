/** Issuers that do not exist, on the contracts: DIDs, keys and grants, recorded by those who may. */
import type { Caller } from '#domain/access.js';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import type { Json } from '#domain/canonical-json.js';
import { authority, registrar } from './fictional.js';
import type { ContractWorld } from './contract-world.js';

export const university: Caller = { msp: 'EducationMSP', role: 'institution', organisation: 'dai-hoc-sao' as OrganisationId };
export const college: Caller = { msp: 'EducationMSP', role: 'institution', organisation: 'cao-dang-may' as OrganisationId };
export const ministry: Caller = { msp: 'RegulatorMSP', role: 'authority', organisation: 'bo-giao-duc' as OrganisationId };

export const AGENCY_DID = parseDid('did:web:cuc-hoa-chat.example');
export const MINISTRY_DID = parseDid('did:web:bo-giao-duc.example');
export const UNIVERSITY_DID = parseDid('did:web:dai-hoc-sao.example');
export const COLLEGE_DID = parseDid('did:web:cao-dang-may.example');

const HOLDERS: readonly [Did, Caller][] = [[AGENCY_DID, authority], [MINISTRY_DID, ministry], [UNIVERSITY_DID, university], [COLLEGE_DID, college]];

export const UNTIL = '2031-01-01T00:00:00.000Z' as Instant;

/** A registrar's own grant of everything of one type. */
export function grantOf(id: string, grantee: Did, change: Readonly<Record<string, unknown>> = {}): Json {
  const grant = { id, grantee, actions: ['issue', 'accredit'], credentialType: 'DiplomaCredential', scope: { provinces: 'all' }, until: UNTIL, depth: 3, legalBasis: 'Quyết định ví dụ', ...change };
  return grant;
}

/** Three more organisations, and a DID for each issuer; the chemicals agency may license acetone in Dong Nai. */
export async function foundTrust(world: ContractWorld): Promise<void> {
  for (const [id, type, province] of [['bo-giao-duc', 'authority', '01'], ['dai-hoc-sao', 'institution', '48'], ['cao-dang-may', 'institution', '15']] as const) {
    await world.call(registrar, 'registry:registerOrganisation', { id, type, name: `Tổ chức ${id}`, address: 'Phố Ví Dụ', province, fictional: 'yes' });
  }
  for (const [did, { organisation }] of HOLDERS) await world.call(registrar, 'trust:registerDid', { did, organisation });
  await world.call(registrar, 'trust:grant', grantOf('UQ-HC', AGENCY_DID, { credentialType: 'ChemicalLicenceCredential', actions: ['issue'], scope: { provinces: ['75', '79'], substances: ['acetone'] }, depth: 0 }));
}

/** 64 hexadecimal digits. */
export const root = (number: number): string => number.toString(16).padStart(64, '0');
