/** Fifty clients of two gateways want the same item at once, on peers of different organisations: one gets it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import type { SerialRecord } from '#domain/goods/records.js';
import { until } from '../../network/fabric/until.js';
import { maker, serial, shop, TEA } from '../support/fictional.js';
import { FabricWorld, LOT } from './fabric-world.js';
import { FailingNetwork } from './failing-network.js';

const ROUNDS = Number(process.env['FABRIC_CONTENTION_ROUNDS'] ?? 5);
const CLIENTS = 50;

const gateways: FabricWorld[] = [];
let network: FailingNetwork;

beforeAll(async () => {
  network = await FailingNetwork.make();
  const { connection } = network.folder;
  for (const organisation of ['RegulatorMSP', 'IndustryMSP']) gateways.push(await FabricWorld.open({ connection, organisation }));
  await gateways[0]!.found();
});

afterAll(async () => {
  for (const one of [...gateways, network]) await one.close();
});

interface Outcome {
  readonly number: string;
  readonly told: string;
}

/** A gateway's own peer may be a block behind the one that was waited for. */
function movingCustody(text: string): { readonly shipment: string } | undefined {
  const { custody } = JSON.parse(text) as SerialRecord;
  return custody.state === 'in-transit' ? custody : undefined;
}

async function contender(world: FabricWorld, number: string, item: string): Promise<Outcome> {
  try {
    await world.call(maker, 'goods:ship', { number, to: shop.organisation, items: [item] });
    return { number, told: 'done' };
  } catch (error) {
    return { number, told: error instanceof Problem ? error.code : String(error) };
  }
}

describe('one item', () => {
  test(`${CLIENTS} ship it at once: exactly one does, ${ROUNDS} rounds (FABRIC_CONTENTION_ROUNDS)`, { timeout: 3_600_000 }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const item = serial(TEA, `C${round}`);
      await gateways[0]!.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: [`C${round}`] });
      for (const { ledger } of gateways) await until({ what: 'the item', withinMs: 10_000 }, async () => await ledger.evaluate('registry:readRecord', [item]) !== 'null');
      const outcomes = await Promise.all(Array.from({ length: CLIENTS }, async (_, index) => contender(gateways[index % 2]!, `C${round}-${index}`, item)));
      const winners = outcomes.filter(({ told }) => told === 'done');
      const others = new Set(outcomes.filter(({ told }) => told !== 'done').map(({ told }) => told));
      expect({ round, winners: winners.length, others: [...others] }).toEqual({ round, winners: 1, others: ['ITEM_IN_TRANSIT'] });
      // What stands on the ledger is the shipment of the one who was told so.
      for (const { ledger } of gateways) {
        const custody = await until({ what: 'the shipment', withinMs: 10_000 }, async () => movingCustody(await ledger.evaluate('registry:readRecord', [item])));
        expect(custody.shipment.endsWith(`/${winners[0]!.number}`)).toBe(true);
      }
    }
  });
});
