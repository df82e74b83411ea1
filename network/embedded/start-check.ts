/** What is checked before a ledger opens: not everything, but everything a damaged end of the log could have hidden. */
import { headerHash } from './block.js';
import { BlockStore, type ChainHead } from './block-store.js';
import { HeadFile } from './head-file.js';
import { WRITE_BUFFER_BYTES, type LevelStore } from './level-store.js';
import { recordDamaged } from './record-seal.js';

/** LevelDB replays at most two write buffers when it opens; older records are in table files, checked at every read. */
const CHECKED_BYTES = 3 * WRITE_BUFFER_BYTES;

/**
 * Compares the store's head with the head noted outside it, and follows the chain back over the newest blocks.
 *
 * @returns both heads; none in the store of a ledger that is about to be made
 * @throws Problem LEDGER_RECORD_DAMAGED
 */
export async function checkHeadOfChain(store: LevelStore, headFilePath: string): Promise<{ stored: ChainHead | undefined; noted: ChainHead | undefined }> {
  const blocks = new BlockStore(store);
  const [stored, noted] = [blocks.head(), await HeadFile.read(headFilePath, store.seal)];
  compareHeads(stored, noted);
  if (stored !== undefined) followBack(blocks, stored);
  return { stored, noted };
}

/** The noted head may be behind (a crash, a power cut), never ahead; only a ledger that was just made may have none. */
function compareHeads(stored: ChainHead | undefined, noted: ChainHead | undefined): void {
  const height = stored?.height ?? 0;
  if (noted === undefined) {
    if (height > 1) throw recordDamaged('head', 'the head file is missing or damaged');
    return;
  }
  if (noted.height > height) throw recordDamaged('head', `${noted.height} blocks were written, ${height} are left`);
  if (noted.height === height && stored?.headerHash.equals(noted.headerHash) !== true) throw recordDamaged('head', 'another chain');
}

function followBack(blocks: BlockStore, head: ChainHead): void {
  let expected = head.headerHash;
  let checked = 0;
  for (let number = head.height - 1; number >= 0 && checked < CHECKED_BYTES; number -= 1) {
    const { frame, storedBytes } = blocks.block(number);
    if (!headerHash(frame.header).equals(expected)) throw recordDamaged(`block ${number}`, 'hash');
    expected = frame.header.previousHash;
    checked += storedBytes;
  }
}
