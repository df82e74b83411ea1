/** What the public site asks for: four questions, all reading. In one process the port is handed in; between two it is HTTP. */
import type { PublicItem, TrustRoots } from '#domain/goods/public-item.js';
import type { ItemKey } from '#domain/gs1/item-key.js';

/** A picture as it was registered. */
export interface Media {
  readonly bytes: Uint8Array;
  /** e.g. `image/jpeg` */
  readonly type: string;
}

/** Every method rejects when nobody answers in time; what is unknown is an answer. */
export interface PublicRecords {
  /** An unknown item has a dossier without records. */
  item(key: ItemKey): Promise<PublicItem>;
  /** The portable text of the signed read of `goods:readItem` for this key. */
  receipt(key: ItemKey): Promise<string>;
  /**
   * @param digest SHA-256 in 64 small hexadecimal digits
   * @returns `undefined` if there is no such picture
   */
  media(digest: string): Promise<Media | undefined>;
  trust(): Promise<TrustRoots>;
}
