/** Imports a file into a ledger that is a file itself, telling how far it is; goes on with what an earlier run left. */
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { ImportService } from '../../../gateway/import/import-service.js';
import type { Submit } from '../../../gateway/jobs/ledger-writer.js';
import { systemClock } from '../../../gateway/ledger/clock.js';
import { openDurableStore } from '../../../gateway/ledger/durable-store.js';
import { LocalRequests } from '../../../gateway/tenants/local-requests.js';

export interface ImportingSettings {
  readonly storeFolder: string;
  readonly importFolder: string;
  /** one line for each committed transaction */
  readonly ledgerFile: string;
  readonly csvFile: string;
}

export type ImportingLine =
  | { readonly committed: number }
  | { readonly state: string; readonly written: number; readonly heap: number };

/** A committed transaction. */
export interface LedgerLine {
  readonly key: string;
  readonly argument: string;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as ImportingSettings;
const tell = (line: ImportingLine): void => { process.stdout.write(`${JSON.stringify(line)}\n`); };

const owner = { organisation: 'tra-shan' as OrganisationId, type: 'enterprise' } as const;
const store = await openDurableStore(settings.storeFolder);
const imports = new ImportService({
  submit: await fileLedger(settings.ledgerFile), foresee: async () => undefined, store, directory: settings.importFolder, clock: systemClock, randomBytes,
  requests: new LocalRequests(store, systemClock), principal: () => owner, onFault: (error) => { throw error; },
});
await imports.open();
// The same key each time: the first run starts the import, every later one asks for it.
const repeat = { key: 'the-import', request: 'POST /v1/imports' };
const { id } = await imports.start({ kind: 'serials', mode: 'all-or-nothing', dryRun: false, owner, repeat }, createReadStream(settings.csvFile) as AsyncIterable<Buffer>);
let { job } = await imports.view(id, owner);
while (job.finishedAt === undefined) {
  await systemClock.wait(20);
  ({ job } = await imports.view(id, owner));
}
tell({ state: job.state, written: job.written, heap: process.memoryUsage().heapUsed });
await imports.close();
await store.close();

/** Commits by appending a line and waiting for the disk; the same key again has no effect. */
async function fileLedger(path: string): Promise<Submit> {
  const file = await open(path, 'a');
  const known = new Map((await linesOf(path)).map(({ key, argument }, index) => [key, { argument, index }]));
  let count = known.size;
  return async ({ key, argument }) => {
    const earlier = known.get(key);
    if (earlier === undefined) {
      await file.appendFile(`${JSON.stringify({ key, argument } satisfies LedgerLine)}\n`);
      await file.sync();
      count += 1;
      tell({ committed: count });
    } else if (earlier.argument !== argument) throw new Error(`another argument under ${key}`);
    return { status: 'committed', transactionId: String(earlier?.index ?? count - 1).padStart(64, '0'), block: BigInt(count), result: '{}' };
  };
}

/** A line that a kill cut short was not committed. */
async function linesOf(path: string): Promise<LedgerLine[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as LedgerLine);
}
