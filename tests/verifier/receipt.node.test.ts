import { webcrypto } from 'node:crypto';
import { verifyReceipt } from '../../verifier/core/receipt.js';
import { webCrypto } from '../../verifier/core/web-crypto.js';
import { nodeCrypto } from '../../verifier/server/node-crypto.js';
import type { CryptoPort } from '../../verifier/core/crypto-port.js';
import { type Platform, receiptSuite } from './receipt-suite.js';

function platform(crypto: CryptoPort): Platform {
  return {
    verifyAll: (texts, expected) => Promise.all(texts.map((text) => verifyReceipt(text, expected, crypto))),
    close: () => Promise.resolve(),
  };
}

receiptSuite('Node, node:crypto', () => Promise.resolve(platform(nodeCrypto())), 2000);
receiptSuite('Node, WebCrypto', () => Promise.resolve(platform(webCrypto(webcrypto.subtle))), 500);
