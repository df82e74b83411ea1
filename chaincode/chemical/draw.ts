/** A part of a container's content is used, destroyed or found lost. */
import { require } from '#domain/errors.js';
import { contentRecord, divide } from '#domain/chemistry/content.js';
import { drawRequest, type DrawRequest } from '#domain/chemistry/requests.js';
import type { SerialRecord } from '#domain/goods/records.js';
import { dayInVietNam } from '#domain/instant.js';
import type { ItemCommand } from '#domain/lifecycle/item.js';
import { formatKilograms } from '#domain/quantity/mass.js';
import { apply } from '../goods/movable.js';
import { handler, type Transaction } from '../transaction.js';
import { loadContainer } from './split.js';

export const draw = handler(drawRequest, async (tx, request) => {
  const { container, content } = await loadContainer(tx, request.item);
  checkFirstUse(tx, request, container);
  require(request.mass <= content.mass, 'BALANCE_MISMATCH', { whole: formatKilograms(content.mass), parts: formatKilograms(request.mass) });
  const [, rest] = divide(content, [request.mass, content.mass - request.mass]);
  if (rest === undefined) throw new RangeError('no remainder');
  const drawn: SerialRecord = { ...container, content: contentRecord(rest) };
  tx.ledger.save(request.item, drawn);
  if (rest.mass === 0n) apply(tx, request.item, drawn, await ending(tx, request));
  await tx.happened({
    step: 'draw', items: [request.item], source: request.item,
    masses: [{ item: request.item, mass: String(rest.mass) }],
    loss: request.as === 'lost' ? String(request.mass) : '0',
    reason: `${request.as}: ${request.reason}`,
  }, request);
  return { item: request.item, remaining: formatKilograms(rest.mass) };
});

/** Bought on a declaration: use begins 30 days after it, not before (NĐ 26/2026 Art. 15). */
function checkFirstUse(tx: Transaction, request: DrawRequest, container: SerialRecord): void {
  const from = container.firstUseFrom;
  const on = dayInVietNam(tx.happenedAt(request));
  const early = request.as === 'used' && from !== undefined && on < from;
  require(!early, 'FIRST_USE_TOO_EARLY', { item: request.item, from: from ?? '' });
}

async function ending(tx: Transaction, request: DrawRequest): Promise<ItemCommand> {
  const by = tx.caller.organisation;
  const at = tx.happenedAt(request);
  const province = await tx.provinceOf(request);
  return request.as === 'lost' ? { do: 'report', by, as: 'lost', at, province } : { do: 'end', by, as: request.as, at, province };
}
