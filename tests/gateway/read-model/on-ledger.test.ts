/** The read model and the receipts on the embedded ledger, as the gateway uses them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openLedger, type GatewayLedger } from '../../../gateway/ledger/open-ledger.js';
import { openReadModel, type ReadModel } from '../../../gateway/read-model/read-model.js';
import { openSignedReads } from '../../../gateway/read-model/signed-reads.js';
import { CHAINCODE, CounterNetwork } from '../ledger/counter-network.js';

let network: CounterNetwork;
let ledger: GatewayLedger;
const open: ReadModel[] = [];

beforeAll(async () => {
  network = await CounterNetwork.start();
  ledger = await openLedger({ fabric: network.fabric(), outboxDirectory: network.folder('outbox') });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((model) => model.close()));
});
afterAll(async () => {
  await ledger.close();
  await network.stop();
});

async function modelIn(folder: string): Promise<ReadModel> {
  const model = await openReadModel({
    dir: network.folder(folder),
    ledger,
    namespace: CHAINCODE,
    indexer: { version: 'value-1', entries: ({ value }) => [{ index: 'value', key: Buffer.from(value).toString() }] },
  });
  open.push(model);
  return model;
}

async function submit(transaction: string, ...args: string[]): Promise<bigint> {
  const answer = await ledger.submit(transaction, args, { identity: network.identity });
  return answer.status === 'committed' ? answer.block : expect.fail('pending');
}

describe('the read model on a ledger', () => {
  it('lets a write be read back as soon as it is acknowledged', async () => {
    const model = await modelIn('read-back');
    for (let n = 0; n < 20; n++) {
      const block = await submit('put', 'read-back', `value ${n}`);
      expect(await model.waitFor(block)).toBe(true);
      expect(model.get('read-back')).toMatchObject({ block, value: Buffer.from(`value ${n}`) });
    }
  });

  it('agrees with the contract, and with a model built from block 0 at once', async () => {
    const model = await modelIn('grown');
    await Promise.all(Array.from({ length: 60 }, (_, n) => submit(n % 5 === 0 ? 'increment' : 'put', `agree-${n % 17}`, ...(n % 5 === 0 ? [] : [String(n)]))));
    const last = await submit('remove', 'agree-3');
    await model.waitFor(last);
    await model.caughtUp();
    const rows = (await model.range('agree-', { limit: 100 })).rows;
    expect(rows.map(({ key }) => key)).toEqual((await ledger.evaluate('list', ['agree-'])).split(' '));
    for (const { key, value } of rows) expect(value.toString()).toBe(await ledger.evaluate('get', [key]));
    const fresh = await modelIn('fresh');
    await fresh.caughtUp();
    expect(await fresh.digest()).toBe(await model.digest());
  });

  it('goes on after the ledger was down', async () => {
    const model = await modelIn('down');
    await submit('put', 'down', 'before');
    await model.caughtUp();
    await network.down();
    expect(model.get('down')?.value.toString()).toBe('before');
    await network.up();
    const block = await submit('put', 'down', 'after');
    expect(await model.waitFor(block)).toBe(true);
    expect(model.get('down')?.value.toString()).toBe('after');
  });

  it('gives receipts that change with the record, and only then', async () => {
    const model = await modelIn('receipts');
    const reads = openSignedReads({ ledger, model, namespace: CHAINCODE });
    await model.waitFor(await submit('put', 'receipt', 'one'));
    const first = await reads.receiptFor('get', ['receipt']);
    await model.waitFor(await submit('put', 'something else', 'x'));
    expect(await reads.receiptFor('get', ['receipt'])).toBe(first);
    await model.waitFor(await submit('put', 'receipt', 'two'));
    const second = await reads.receiptFor('get', ['receipt']);
    expect(second).not.toBe(first);
    expect(Buffer.from(second).includes('two')).toBe(true);
  });
});
