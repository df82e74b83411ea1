/** What an API key must be allowed for each transaction, whether the gateway signs it or somebody else: the one table of it. */
import { require } from '#domain/errors.js';
import type { TRANSACTIONS, TransactionName } from '#domain/transactions.js';
import type { Principal } from './principal.js';
import type { Scope } from './scopes.js';

type WriteName = { [N in TransactionName]: (typeof TRANSACTIONS)[N]['writes'] extends true ? N : never }[TransactionName];

/** A transaction that is one step; `goods:capture` is as many as it has. */
export type SingleTransaction = Exclude<WriteName, 'goods:capture'>;

/** Routes take their scope from here. */
export const SCOPE_OF_TRANSACTION = {
  'registry:registerOrganisation': 'registry:write',
  'registry:grantPrefix': 'registry:write',
  'registry:registerKey': 'registry:write',
  'registry:retireKey': 'registry:write',
  'goods:registerProduct': 'products:write',
  'goods:registerProducts': 'products:write',
  'goods:openLot': 'products:write',
  'goods:commission': 'goods:write',
  'goods:pack': 'goods:write',
  'goods:unpack': 'goods:write',
  'goods:ship': 'goods:write',
  'goods:receive': 'goods:write',
  'goods:cancelShipment': 'goods:write',
  'goods:end': 'goods:write',
  'goods:report': 'goods:write',
  'goods:recover': 'goods:write',
  'goods:hold': 'goods:write',
  'goods:release': 'goods:write',
  'goods:recallLot': 'recalls:write',
  'goods:endRecall': 'recalls:write',
  'goods:suspendLot': 'recalls:write',
  'goods:releaseLot': 'recalls:write',
  'chemical:recordLicence': 'licences:write',
  'chemical:revokeLicence': 'licences:write',
  'chemical:suspendLicence': 'licences:write',
  'chemical:reinstateLicence': 'licences:write',
  'chemical:declareUse': 'chemicals:write',
  'chemical:split': 'chemicals:write',
  'chemical:draw': 'chemicals:write',
  'trust:registerDid': 'trust:write',
  'trust:withdrawDid': 'trust:write',
  'trust:registerDidKey': 'trust:write',
  'trust:retireDidKey': 'trust:write',
  'trust:grant': 'trust:write',
  'trust:revokeGrant': 'trust:write',
  'trust:commitCredentials': 'credentials:write',
  'trust:publishStatusList': 'credentials:write',
  'trust:revokeCredential': 'credentials:write',
} as const satisfies Readonly<Record<SingleTransaction, Scope>>;

/**
 * Whether a key may be used for a transaction; of a capture, for each of its steps.
 *
 * @param request its argument: a step that no transaction has the name of is left to the contract to refuse
 * @throws Problem SCOPE_MISSING with `scope`
 */
export function requireScopes({ scopes }: Pick<Principal, 'scopes'>, transaction: TransactionName, request: Readonly<Record<string, unknown>>): void {
  const names = transaction === 'goods:capture' ? stepsOf(request) : [transaction];
  for (const name of names) {
    if (!isSingle(name)) continue;
    const scope = SCOPE_OF_TRANSACTION[name];
    require(scopes.has(scope), 'SCOPE_MISSING', { scope });
  }
}

function stepsOf({ steps }: Readonly<Record<string, unknown>>): unknown[] {
  return Array.isArray(steps) ? steps.map((step: { readonly transaction?: unknown } | null | undefined) => step?.transaction) : [];
}

const isSingle = (name: unknown): name is SingleTransaction => typeof name === 'string' && Object.hasOwn(SCOPE_OF_TRANSACTION, name);
