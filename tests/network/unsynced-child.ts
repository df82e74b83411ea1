/** The control of the power-cut test: the ledger's own store, written without waiting for the disk. Prints `ack <n>`. */
import { writeSync } from 'node:fs';
import { LevelStore } from '../../network/embedded/level-store.js';
import { RecordSeal } from '../../network/embedded/record-seal.js';

const [, , dir = '', first = '0'] = process.argv;
const store = await LevelStore.open(dir, new RecordSeal(new Uint8Array(32)));
writeSync(1, 'ready\n');
for (let n = Number(first); ; n += 1) {
  await store.write([{ name: `n${n}`, record: store.seal.seal(`n${n}`, Buffer.alloc(500, n)) }], false);
  writeSync(1, `ack ${n}\n`);
}
