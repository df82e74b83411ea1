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
  'licences:write': 'record and revoke licences',
  'media:write': 'store pictures',
  'transactions:read': 'ask what became of a transaction',
  'epcis:read': 'query EPCIS events',
  'epcis:write': 'capture EPCIS events',
  'import:write': 'import files',
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

const EVERYBODY: readonly Scope[] = ['registry:read', 'transactions:read'];
const TRADERS: readonly Scope[] = [...EVERYBODY, 'goods:read', 'chemicals:read', 'epcis:read'];

/** The most that a key of an organisation of each type can be given. */
export const SCOPES_OF_TYPE: Readonly<Record<OrganisationType, readonly Scope[]>> = {
  enterprise: [...TRADERS, 'products:write', 'goods:write', 'labels:write', 'recalls:write', 'chemicals:write', 'media:write', 'epcis:write', 'import:write'],
  authority: [...TRADERS, 'goods:write', 'recalls:write', 'licences:write'],
  institution: EVERYBODY,
  registrar: [...EVERYBODY, 'registry:write', 'metrics:read'],
};
