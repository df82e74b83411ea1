/**
 * A program that runs the issuer on a folder until a batch is issued, and writes down what came of it; to be killed on the
 * way. Prints a line of JSON for each thing that happens.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Batch, BatchState } from '../../../issuer/batches/batch.js';
import type { Place } from '../../../issuer/batches/batch-job.js';
import { withBatches } from '../../../issuer/batches/add-batches.js';
import { loadIssuerConfig } from '../../../issuer/config.js';
import { openDisclosures } from '../../../issuer/credentials/sealed-disclosures.js';
import { httpGateway } from '../../../issuer/ledger/gateway-api.js';
import { wholeText } from '../../../issuer/public/public-credentials.js';
import { systemChance } from '../../../issuer/random-names.js';
import { startIssuer, type IssuerParts } from '../../../issuer/start.js';
import { randomFrom } from '../../network/seeded-random.js';

export interface ChildSettings {
  readonly folder: string;
  readonly gateway: string;
  readonly batch: string;
  /** where the outcome is written, a line for each credential */
  readonly outcome: string;
  /** of the status indices */
  readonly seed: number;
}

export type ChildLine =
  | { readonly is: 'open'; readonly state: BatchState; readonly signed: readonly string[] }
  | { readonly is: 'ready' }
  | { readonly is: 'issued' };

/** One credential, all that is stored of it; of the sealed box what is in it, for its nonce is its own. */
export interface Outcome {
  readonly row: number;
  readonly id: string;
  readonly publicId: string;
  readonly slot: string;
  readonly text: string;
  readonly revealKey: string;
  readonly sealed: readonly string[];
}

const say = (line: ChildLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Digests of the chunks of signatures that are on the disk. */
async function signedChunks({ store }: Pick<IssuerParts, 'store'>, batch: string): Promise<string[]> {
  const digests: string[] = [];
  for await (const [, row] of store.rows(`batch-signed/${batch}/`)) digests.push(createHash('sha256').update(row).digest('hex'));
  return digests;
}

async function outcomesOf({ store, rows }: IssuerParts, batch: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const [, chunk] of store.rows(`batch-place/${batch}/`)) {
    for (const { row, id } of JSON.parse(chunk.toString()) as Place[]) {
      const record = await rows.known(id);
      const secrets = await rows.secrets(id);
      const { revealKey = '', sealed = '' } = secrets;
      outcomes.push({ row, id, publicId: record.publicId, slot: `${record.slot.set} ${record.slot.index}`, text: wholeText(record, secrets), revealKey, sealed: openDisclosures(sealed, revealKey) });
    }
  }
  return outcomes;
}

async function run({ folder, gateway, batch, outcome, seed }: ChildSettings): Promise<void> {
  const random = randomFrom(seed);
  const api = httpGateway({ origin: gateway, patience: 10_000 });
  const issuer = await startIssuer(loadIssuerConfig({ ISSUER_DATA: folder, ISSUER_LOG_LEVEL: 'silent' }), {
    gateway: api, background: false, chance: { ...systemChance, below: (limit) => Math.floor(random() * limit) },
    more: (parts) => [async () => say({ is: 'open', state: (await parts.store.json(`batch/${batch}`) as Batch).state, signed: await signedChunks(parts, batch) }), ...withBatches(api)(parts)],
  });
  say({ is: 'ready' });
  const { store } = issuer.parts;
  while ((await store.json(`batch/${batch}`) as Batch).state !== 'issued') await pause(2);
  await issuer.app.close(); // the job ends by tidying up
  writeFileSync(outcome, (await outcomesOf(issuer.parts, batch)).map((one) => JSON.stringify(one)).join('\n'));
  say({ is: 'issued' });
  await issuer.close();
}

await run(JSON.parse(process.argv[2] ?? '') as ChildSettings);
