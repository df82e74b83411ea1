/**
 * Whether a peer's blocks may be believed: block 0 is the one that was pinned, every later one is signed by the
 * orderers that the configuration before it names, and a configuration block names them anew. So nothing has to be
 * known of a network but the hash of its first block.
 */
import { Buffer } from 'node:buffer';
import { blockWrong, readEnvelopes, readMetadata } from './block-reader.js';
import type { LedgerBlock } from './ledger.js';
import { ordererCheck } from './orderer-signatures.js';
import { ordererTrustIn } from './orderer-trust.js';
import { WireError, WireReader } from './protobuf-wire.js';
import { areWellFormed } from './transaction-boundaries.js';

/** The serialised bytes of one block, from the peer whose blocks are to be checked. */
export type FetchBlock = (number: bigint) => Promise<Uint8Array>;

/** A block as it came, and as it was read. */
export interface DeliveredBlock {
  readonly bytes: Uint8Array;
  readonly block: LedgerBlock;
}

interface Configuration {
  readonly number: bigint;
  readonly check: (serialisedBlock: Uint8Array) => void;
}

/** Index of the orderers' signatures, and of what they sign beside the header, in a block's metadata. */
const SIGNATURES = 0;

export class BlockTrust {
  readonly #genesisHash: string;
  readonly #read: (bytes: Uint8Array) => LedgerBlock;
  /** in force after their block, ascending; each signed under the one before it */
  #configurations: readonly Configuration[] = [];

  /**
   * @param genesisHash SHA-256 of block 0's header, 64 hexadecimal digits; had from somebody other than the peer
   * @param read `readBlock`
   */
  constructor(genesisHash: string, read: (bytes: Uint8Array) => LedgerBlock) {
    this.#genesisHash = genesisHash;
    this.#read = read;
  }

  /**
   * Learns the configurations that blocks from `from` on are judged by; to be called before the first of them.
   *
   * @throws Problem LEDGER_BLOCK_WRONG
   */
  async prepare(from: bigint, fetch: FetchBlock): Promise<void> {
    if (from === 0n) return;
    if (this.#configurations.length === 0) this.check(await this.#fetched(0n, fetch));
    const last = await this.#fetched(from - 1n, fetch);
    for (const number of await this.#unknownUpTo(last, fetch)) this.check(await this.#fetched(number, fetch));
    // Only now can be told whether what it named as its configuration is signed.
    this.check(last);
  }

  /**
   * Judges one block, and takes up the configuration in it, if there is one.
   *
   * @throws Problem LEDGER_BLOCK_WRONG with reason `genesis`, `orderers`, `boundaries` or `configuration`
   */
  check({ bytes, block }: DeliveredBlock): void {
    if (block.number === 0n) {
      if (Buffer.from(block.hash).toString('hex') !== this.#genesisHash) throw blockWrong(0n, 'genesis');
    } else this.#before(block.number).check(bytes);
    if (!areWellFormed(readEnvelopes(bytes).envelopes, block.number)) throw blockWrong(block.number, 'boundaries');
    if (lastConfiguration(bytes) === block.number) this.#takeUp({ bytes, block });
  }

  /** Backwards from block to configuration, until one that is known; the oldest first. */
  async #unknownUpTo(last: DeliveredBlock, fetch: FetchBlock): Promise<bigint[]> {
    const unknown: bigint[] = [];
    const known = this.#configurations.at(-1)?.number ?? 0n;
    for (let at = last; at.block.number > known;) {
      const named = lastConfiguration(at.bytes);
      if (named > at.block.number) throw blockWrong(at.block.number, 'configuration');
      if (named <= known) break;
      unknown.unshift(named);
      at = await this.#fetched(named - 1n, fetch);
    }
    return unknown;
  }

  async #fetched(number: bigint, fetch: FetchBlock): Promise<DeliveredBlock> {
    const bytes = await fetch(number);
    const block = this.#read(bytes);
    if (block.number !== number) throw blockWrong(number, 'number');
    return { bytes, block };
  }

  #before(number: bigint): Configuration {
    const found = this.#configurations.findLast((one) => one.number < number);
    if (found === undefined) throw blockWrong(number, 'configuration');
    return found;
  }

  #takeUp({ bytes, block: { number } }: DeliveredBlock): void {
    if (this.#configurations.some((one) => one.number === number)) return;
    const configuration = { number, check: ordererCheck(ordererTrustIn(bytes)) };
    this.#configurations = [...this.#configurations, configuration].sort((a, b) => Number(a.number - b.number));
  }
}

/**
 * `common.OrdererBlockMetadata`, which the orderers sign with the header: the number of the newest configuration block,
 * up to this one. Block 0 has none, and is one.
 */
function lastConfiguration(bytes: Uint8Array): bigint {
  const { metadata, number } = readMetadata(bytes);
  try {
    return BigInt(indexIn(metadata[SIGNATURES] ?? Buffer.alloc(0)));
  } catch (error) {
    if (error instanceof WireError) throw blockWrong(number, 'configuration');
    throw error;
  }
}

/** `Metadata` 1 → `OrdererBlockMetadata` 1 → `LastConfig` 1. */
function indexIn(metadata: Buffer): number {
  let bytes: Buffer = metadata;
  for (let depth = 0; depth < 2; depth++) {
    const reader = new WireReader(bytes);
    let inner: Buffer = Buffer.alloc(0);
    while (reader.next()) if (reader.field === 1) inner = reader.view();
    bytes = inner;
  }
  const index = new WireReader(bytes);
  let found = 0;
  while (index.next()) if (index.varint === 1) found = index.number;
  return found;
}
