/** Every ledger transaction: its name, whether it writes, and who may call it. Nothing outside this table is callable. */

/** What a certificate's `role` attribute may say. */
export type Role = 'registrar' | 'authority' | 'inspector' | 'enterprise' | 'institution' | 'reader';

export interface TransactionRule {
  readonly writes: boolean;
  readonly roles: readonly Role[];
}

const writes = (...roles: Role[]) => ({ writes: true as const, roles });
const reads = { writes: false as const, roles: ['registrar', 'authority', 'inspector', 'enterprise', 'institution', 'reader'] as readonly Role[] };

/** Contract and function as Fabric joins them; each takes exactly one text. */
export const TRANSACTIONS = {
  'registry:registerOrganisation': writes('registrar'),
  'registry:grantPrefix': writes('registrar'),
  'registry:registerKey': writes('registrar'),
  'registry:retireKey': writes('registrar'),
  'registry:readRecord': reads,
  'goods:registerProduct': writes('enterprise'),
  'goods:registerProducts': writes('enterprise'),
  'goods:openLot': writes('enterprise'),
  'goods:commission': writes('enterprise'),
  'goods:pack': writes('enterprise'),
  'goods:unpack': writes('enterprise'),
  'goods:ship': writes('enterprise'),
  'goods:receive': writes('enterprise'),
  'goods:cancelShipment': writes('enterprise'),
  'goods:end': writes('enterprise'),
  'goods:report': writes('enterprise'),
  'goods:recover': writes('enterprise'),
  'goods:hold': writes('enterprise', 'inspector'),
  'goods:release': writes('enterprise', 'inspector'),
  'goods:recallLot': writes('enterprise', 'inspector'),
  'goods:endRecall': writes('enterprise', 'inspector'),
  'goods:suspendLot': writes('enterprise', 'inspector'),
  'goods:releaseLot': writes('enterprise', 'inspector'),
  'goods:capture': writes('registrar', 'authority', 'inspector', 'enterprise'),
  'goods:readItem': reads,
  'chemical:recordLicence': writes('authority'),
  'chemical:revokeLicence': writes('authority'),
  'chemical:suspendLicence': writes('authority'),
  'chemical:reinstateLicence': writes('authority'),
  'chemical:declareUse': writes('enterprise'),
  'chemical:split': writes('enterprise'),
  'chemical:draw': writes('enterprise'),
  'trust:registerDid': writes('registrar'),
  'trust:withdrawDid': writes('registrar'),
  'trust:registerDidKey': writes('registrar', 'authority', 'institution'),
  'trust:retireDidKey': writes('registrar', 'authority', 'institution'),
  'trust:grant': writes('registrar', 'authority', 'institution'),
  'trust:revokeGrant': writes('registrar', 'authority', 'institution'),
  'trust:commitCredentials': writes('registrar', 'authority', 'institution'),
  'trust:publishStatusList': writes('registrar', 'authority', 'institution'),
  'trust:revokeCredential': writes('registrar', 'authority', 'institution'),
} as const satisfies Record<string, TransactionRule>;

export type TransactionName = keyof typeof TRANSACTIONS;

/** True for a name of the table. */
export function isTransactionName(text: string): text is TransactionName {
  return Object.hasOwn(TRANSACTIONS, text);
}

/** The one chaincode event a writing transaction sets; its payload counts the happenings by step. */
export const CHAINCODE_EVENT = 'recorded';

/** Names under which the chaincode runs. */
export const CHANNEL = 'minhchung';
export const CHAINCODE = 'minhchung';
