/** Things leave circulation, go astray, and are found again. */
import { endRequest, recoverRequest, reportRequest } from '#domain/goods/requests.js';
import { handler } from '../transaction.js';
import { applyAll, checkLotsMayMove, serialsIn } from './movable.js';

export const end = handler(endRequest, async (tx, request) => {
  const at = tx.happenedAt(request);
  const province = await tx.provinceOf(request);
  if (request.as === 'sold') await checkLotsMayMove(tx, await serialsIn(tx, request.items), at);
  await applyAll(tx, request.items, { do: 'end', by: tx.caller.organisation, as: request.as, at, province });
  await tx.happened({ step: request.as, items: request.items, ...reasonOf(request) }, request);
  return { ended: request.items.length, as: request.as };
});

export const report = handler(reportRequest, async (tx, request) => {
  const at = tx.happenedAt(request);
  const province = await tx.provinceOf(request);
  await applyAll(tx, request.items, { do: 'report', by: tx.caller.organisation, as: request.as, at, province });
  await tx.happened({ step: request.as, items: request.items, reason: request.reason }, request);
  return { reported: request.items.length, as: request.as };
});

export const recover = handler(recoverRequest, async (tx, request) => {
  await applyAll(tx, request.items, { do: 'recover', by: tx.caller.organisation });
  await tx.happened({ step: 'recover', items: request.items, reason: request.reason }, request);
  return { recovered: request.items.length };
});

function reasonOf(request: { readonly reason?: string }): { reason?: string } {
  return request.reason === undefined ? {} : { reason: request.reason };
}
