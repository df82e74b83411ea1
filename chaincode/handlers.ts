/** Which rule answers which writing transaction. A name of the table without a row here does not compile. */
import { Problem, within } from '#domain/errors.js';
import { list, object, text, type Shape } from '#domain/shape.js';
import type { TRANSACTIONS, TransactionName } from '#domain/transactions.js';
import type { Json } from '#domain/canonical-json.js';
import { draw } from './chemical/draw.js';
import { declareUse, recordLicence, reinstateLicence, revokeLicence, suspendLicence } from './chemical/licence.js';
import { split } from './chemical/split.js';
import { commission } from './goods/commission.js';
import { hold, release } from './goods/hold.js';
import { end, recover, report } from './goods/leave.js';
import { endRecall, openLot, recallLot, releaseLot, suspendLot } from './goods/lot.js';
import { pack, unpack } from './goods/pack.js';
import { registerProduct, registerProducts } from './goods/product.js';
import { receive } from './goods/receive.js';
import { cancelShipment, ship } from './goods/ship.js';
import { grantPrefix, registerKey, registerOrganisation, retireKey } from './registry/register.js';
import { handler, step, type Handler } from './transaction.js';
import { registerDid, registerDidKey, retireDidKey, withdrawDid } from './trust/did.js';
import { grant, revokeGrant } from './trust/grant.js';
import { commitCredentials, publishStatusList } from './trust/publication.js';
import { revokeCredential } from './trust/revocation.js';

type WriteName = { [N in TransactionName]: (typeof TRANSACTIONS)[N]['writes'] extends true ? N : never }[TransactionName];

/** A refusal inside a capture names the step: `steps[3].items[0]`. */
async function placed(path: string, act: () => Promise<Json>): Promise<Json> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof Problem ? within(path, error) : error;
  }
}

/** Steps of one capture: bounded so that its writes fit one Fabric message. */
const MOST_STEPS = 200;

const SINGLE = {
  'registry:registerOrganisation': registerOrganisation,
  'registry:grantPrefix': grantPrefix,
  'registry:registerKey': registerKey,
  'registry:retireKey': retireKey,
  'goods:registerProduct': registerProduct,
  'goods:registerProducts': registerProducts,
  'goods:openLot': openLot,
  'goods:commission': commission,
  'goods:pack': pack,
  'goods:unpack': unpack,
  'goods:ship': ship,
  'goods:receive': receive,
  'goods:cancelShipment': cancelShipment,
  'goods:end': end,
  'goods:report': report,
  'goods:recover': recover,
  'goods:hold': hold,
  'goods:release': release,
  'goods:recallLot': recallLot,
  'goods:endRecall': endRecall,
  'goods:suspendLot': suspendLot,
  'goods:releaseLot': releaseLot,
  'chemical:recordLicence': recordLicence,
  'chemical:revokeLicence': revokeLicence,
  'chemical:suspendLicence': suspendLicence,
  'chemical:reinstateLicence': reinstateLicence,
  'chemical:declareUse': declareUse,
  'chemical:split': split,
  'chemical:draw': draw,
  'trust:registerDid': registerDid,
  'trust:withdrawDid': withdrawDid,
  'trust:registerDidKey': registerDidKey,
  'trust:retireDidKey': retireDidKey,
  'trust:grant': grant,
  'trust:revokeGrant': revokeGrant,
  'trust:commitCredentials': commitCredentials,
  'trust:publishStatusList': publishStatusList,
  'trust:revokeCredential': revokeCredential,
} satisfies Record<Exclude<WriteName, 'goods:capture'>, Handler>;

const anything: Shape<unknown> = (value) => value;

/** Several steps in one transaction: all happen or none (EPCIS capture with `rollback`). */
const capture = handler(object({ steps: list(object({ transaction: text(60), request: anything }), { min: 1, max: MOST_STEPS }) }), async (tx, { steps }) => {
  const answers: Json[] = [];
  for (const [index, one] of steps.entries()) answers.push(await placed(`steps[${index}]`, async () => step(tx, SINGLE, one.transaction, one.request)));
  return { answers };
});

export const HANDLERS: Readonly<Record<WriteName, Handler>> = { ...SINGLE, 'goods:capture': capture };
