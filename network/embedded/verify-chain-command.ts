/**
 * Verifies a ledger's directory from block 0: `node verify-chain-command.js <directory>`. The ledger must be stopped.
 * Exit status 0 if everything is as it must be, 1 if not, 2 if the directory cannot be read.
 */
import { LedgerDirectory } from './ledger-directory.js';
import { LevelStore } from './level-store.js';
import { RecordSeal } from './record-seal.js';
import { checkHeadOfChain } from './start-check.js';
import { damageReport, verifyChain, type ChainReport } from './verify-chain.js';

const PROGRESS_EVERY = 1_000;

async function main(path: string): Promise<ChainReport> {
  const directory = await LedgerDirectory.openExisting(path);
  try {
    return await verify(directory);
  } catch (error) {
    return damageReport(error);
  }
}

async function verify(directory: LedgerDirectory): Promise<ChainReport> {
  const store = await LevelStore.open(directory.store, new RecordSeal(await directory.sealKey()));
  try {
    await checkHeadOfChain(store, directory.headFile);
    return await verifyChain(store, directory.scratch, ({ block, height }) => {
      if (block % PROGRESS_EVERY === 0) console.error(`block ${block} of ${height}`);
    });
  } finally {
    await store.close();
  }
}

const [, , path] = process.argv;
if (path === undefined) {
  console.error('usage: verify-chain-command <ledger directory>');
  process.exitCode = 2;
} else {
  try {
    const report = await main(path);
    console.log(JSON.stringify(report));
    process.exitCode = report.ok ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
