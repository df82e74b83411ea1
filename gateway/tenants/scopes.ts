/** What an API key may be used for. */
import type { OrganisationRequest } from '#domain/registry/organisation.js';

/** A closed list: each scope with what it opens. */
export const SCOPES = {
  'products:write': 'register products and open lots',
  'goods:read': 'see products, lots, items, events and shipments',
  'goods:write': 'commission, pack, ship, receive, end, report, hold and release goods',
  'labels:write': 'order serial numbers and SSCCs, print labels',
  'recalls:write': 'recall and suspend lots, and end that',
  'chemicals:read': 'see licences and balances',
  'chemicals:write': 'declare uses, split and draw on chemicals',
  'licences:write': 'record, suspend, reinstate and revoke licences',
  'media:write': 'store pictures',
  'transactions:read': 'ask what became of a transaction',
  'signing:write': 'enrol keys of the organisation\'s own, and submit transactions signed with them, each with its own scope besides',
  'epcis:read': 'query EPCIS events',
  'epcis:write': 'capture EPCIS events',
  'import:write': 'import files',
  'citizen-reports:read': 'read citizens\' reports about goods',
  'citizen-reports:write': 'mark citizens\' reports as handled',
  'citizen-contacts:write': 'see and delete contacts that citizens left with their reports',
  'trust:read': 'see DIDs, keys, grants and status lists of the trust registry',
  'trust:write': 'register DIDs and keys, give and revoke grants',
  'credentials:prepare': 'prepare credentials for somebody else to approve',
  'credentials:write': 'issue credentials: commit to them, publish status lists, revoke others by a right to',
  'registry:read': 'see organisations, their prefixes and keys',
  'registry:write': 'register organisations, prefixes and keys',
  'metrics:read': 'read the metrics of the gateway',
} as const;

export type Scope = keyof typeof SCOPES;

export type OrganisationType = OrganisationRequest['type'];

/** True for a scope of the list. */
export function isScope(text: unknown): text is Scope {
  return typeof text === 'string' && Object.hasOwn(SCOPES, text);
}

const EVERYBODY: readonly Scope[] = ['registry:read', 'transactions:read', 'trust:read', 'signing:write'];
const ISSUERS: readonly Scope[] = ['trust:write', 'credentials:prepare', 'credentials:write'];
const TRADERS: readonly Scope[] = [...EVERYBODY, 'goods:read', 'chemicals:read', 'epcis:read'];

/** The most that a key of an organisation of each type can be given. */
export const SCOPES_OF_TYPE: Readonly<Record<OrganisationType, readonly Scope[]>> = {
  enterprise: [...TRADERS, 'products:write', 'goods:write', 'labels:write', 'recalls:write', 'chemicals:write', 'media:write', 'epcis:write', 'import:write', 'citizen-reports:read', 'citizen-reports:write'],
  authority: [...TRADERS, 'goods:write', 'recalls:write', 'licences:write', ...ISSUERS, 'citizen-reports:read', 'citizen-reports:write', 'citizen-contacts:write'],
  institution: [...EVERYBODY, ...ISSUERS],
  registrar: [...EVERYBODY, 'registry:write', ...ISSUERS, 'metrics:read'],
};
