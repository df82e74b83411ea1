import { generateKeyPairSync, sign } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { derSignature } from '../../../gateway/ledger/native-signer.js';
import { outsideSignature } from '../../../gateway/offline-signing/outside-signature.js';

describe('signatures from outside', () => {
  const message = Buffer.from('message');
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it('are taken in DER and as two numbers, with either s, and come out as one and the same form', () => {
    for (let n = 0; n < 50; n++) {
      const der = sign('sha256', message, pair.privateKey);
      const raw = sign('sha256', message, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
      const low = outsideSignature(der.toString('base64'), message, pair.publicKey);
      expect(outsideSignature(Buffer.from(low).toString('base64'), message, pair.publicKey)).toEqual(low);
      expect(outsideSignature(raw.toString('base64'), message, pair.publicKey)).toEqual(derSignature(raw));
    }
  });

  it('are refused in every other form, without a fault', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(() => outsideSignature(Buffer.from(bytes).toString('base64'), message, pair.publicKey)).toThrow(Problem);
    }));
    const der = sign('sha256', message, pair.privateKey);
    fc.assert(fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const changed = Buffer.from(der);
      changed[at] = (changed[at] ?? 0) ^ bits;
      expect(() => outsideSignature(changed.toString('base64'), message, pair.publicKey)).toThrow(Problem);
    }));
  });
});
