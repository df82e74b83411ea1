/** Projects a chain from a file, telling how far it is; then asks every key, and tells the digest. */
import type { BlockChain } from '../ledger/fabric-blocks.js';
import { Problem } from '#domain/errors.js';
import { systemClock } from '../../../gateway/ledger/clock.js';
import { openReadModel, type ReadModel } from '../../../gateway/read-model/read-model.js';
import { readChain } from './chain-file.js';
import { ChainLedger } from './chain-ledger.js';

export interface ProjectingSettings {
  readonly dir: string;
  readonly chainFile: string;
  readonly namespace: string;
  /** what each key must be answered with */
  readonly expected?: Readonly<Record<string, string>>;
}

export type ProjectingLine = { readonly height: number } | { readonly wrong: string } | { readonly digest: string };

const settings = JSON.parse(process.argv[2] ?? '{}') as ProjectingSettings;
const tell = (line: ProjectingLine): void => { process.stdout.write(`${JSON.stringify(line)}\n`); };

const ledger = new ChainLedger({ blocks: await readChain(settings.chainFile) } as BlockChain);
const model = await openReadModel({
  dir: settings.dir,
  ledger,
  namespace: settings.namespace,
  indexer: { version: 'length-1', entries: ({ value }) => [{ index: 'length', key: String(value.length) }] },
  clock: systemClock,
  onProgress: ({ height }) => tell({ height: Number(height) }),
});
ask(model);
await model.caughtUp();
ask(model);
await wholeAgain(model);
tell({ digest: await model.digest() });
await model.close();

/** A refusal is no answer; anything else must be right. */
function ask(reader: ReadModel): void {
  for (const [key, value] of Object.entries(settings.expected ?? {})) {
    try {
      const answer = reader.get(key)?.value.toString();
      if (answer !== value) tell({ wrong: `${key}: ${answer}` });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
}

/** Damage that was found by asking may be being mended. */
async function wholeAgain(reader: ReadModel): Promise<void> {
  while (reader.health().refusal !== undefined) await reader.caughtUp();
}
