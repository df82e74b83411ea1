/** What the scripts of the credential pages take from the browser. */
import { webInflate, type GzipStream } from '../../core/credential/web-inflate.js';
import type { Inflate } from '../../core/credential/status-list.js';
import type { CryptoPort } from '../../core/crypto-port.js';
import type { Language } from '../../core/goods/language.js';
import { webCrypto } from '../../core/web-crypto.js';
import { browserMemory } from '../browser-memory.js';
import type { Memory } from '../pinned-trust.js';

export interface Platform {
  readonly language: Language;
  /** There is none where the page is not secure. */
  readonly subtle: SubtleCrypto | undefined;
  readonly crypto: CryptoPort;
  readonly inflate: Inflate;
  readonly memory: Memory | undefined;
}

export function platform(): Platform {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  return {
    language: document.documentElement.lang === 'en' ? 'en' : 'vi',
    subtle, crypto: webCrypto(subtle as unknown as Parameters<typeof webCrypto>[0]),
    inflate: webInflate(() => new DecompressionStream('gzip') as unknown as GzipStream),
    memory: browserMemory(),
  };
}
