/** What anybody may ask, as an object: the verifier's port when both live in one process, and what the routes answer with. */
import { assembleDossier, type Dossier, type LoadRecord } from '#domain/goods/dossier.js';
import type { PublicItem, TrustRoots } from '#domain/goods/public-item.js';
import { Problem } from '#domain/errors.js';
import { commitmentKey } from '#domain/trust/keys.js';
import type { PublicCommitment, TrustSnapshot } from '#domain/trust/snapshot.js';
import type { Services } from '../services.js';
import { journeyOf } from '../trace/journey.js';
import type { RecordReader } from '../trace/record-reader.js';
import { ItemCache, type AssembledItem } from './item-cache.js';

/** A dossier is found row by row; a journey is a list, of which nothing may be missing unnoticed. */
async function journeyIfChecked(records: RecordReader, dossier: Dossier): Promise<Pick<PublicItem, 'journey'>> {
  try {
    return { journey: await journeyOf(records, dossier) };
  } catch (error) {
    if (error instanceof Problem && error.code === 'READ_MODEL_CHECKING') return {};
    throw error;
  }
}

/** A picture as it was registered. */
export interface PublicMedia {
  readonly bytes: Uint8Array;
  /** e.g. `image/jpeg` */
  readonly type: string;
}

export interface PublicRecords {
  /**
   * @param key canonical, e.g. `/01/09520000000011/21/7QK2M9ZD4XWA`
   * @returns for an unknown item a dossier without records
   * @throws Problem ITEM_KEY_MALFORMED, ITEM_KEY_NOT_CANONICAL and the codes of the values in the key
   */
  item(key: string): Promise<PublicItem>;
  /** The signed read of `goods:readItem` for this key, as portable text. Throws as `item`, and LEDGER_… */
  receipt(key: string): Promise<string>;
  /** @returns `undefined` if there is no such picture */
  media(digest: string): Promise<PublicMedia | undefined>;
  trust(): Promise<TrustRoots>;
  /** Who may issue which credentials: the same object until anything in it changes. Throws READ_MODEL_… */
  trustSnapshot(): Promise<TrustSnapshot>;
  /** A commitment with the signed read of its record. Throws READ_MODEL_…, LEDGER_… */
  commitment(root: string): Promise<PublicCommitment | undefined>;
}

type Needed = Pick<Services, 'model' | 'records' | 'receipts' | 'media' | 'trust' | 'registry'>;

export function publicRecords({ model, records, receipts, media, trust, registry }: Needed): PublicRecords {
  const items = new ItemCache({ model, records });
  const assemble = (key: string) => async (load: LoadRecord): Promise<AssembledItem> => {
    const dossier = await assembleDossier(key, load);
    return { dossier, ...await journeyIfChecked(records, dossier) };
  };
  return {
    item: async (key) => {
      const asOf = records.asOf();
      return { ...await items.of(key, assemble(key)), asOf };
    },
    receipt: (key) => receipts.of(key),
    media: async (digest) => {
      try {
        return await media.get(digest);
      } catch (error) {
        if (error instanceof Problem && error.code === 'MEDIA_UNKNOWN') return undefined;
        throw error;
      }
    },
    trust: async () => trust,
    trustSnapshot: async () => (await registry.published()).snapshot,
    commitment: async (root) => {
      const record = records.load(commitmentKey(root), 'credential-commitment');
      return record === undefined ? undefined : { record, receipt: await receipts.ofRecord(commitmentKey(root)) };
    },
  };
}
