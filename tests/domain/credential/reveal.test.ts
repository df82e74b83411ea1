import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { joinSealedBox, openSealedBox, printedLink, readSealedText, revealRequest, SEALED_BOX, sealedText } from '#domain/credential/reveal.js';
import { throwsWith } from '../../support/rejects-with.js';

const ID = '2GLC42sKQveCfGfryNRN9w';
const KEY = 'eluV5Og3gSNII8EYnsxA_A';

describe('a sealed box', () => {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(KEY, 'base64url'), '', SEALED_BOX.info, 32));

  test('is opened by the platform as it is laid out here', () => {
    const nonce = Buffer.alloc(SEALED_BOX.nonceBytes, 7);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const ciphertext = Buffer.concat([cipher.update(sealedText(['abc', 'def'])), cipher.final(), cipher.getAuthTag()]);
    const box = openSealedBox(joinSealedBox({ nonce, ciphertext }));
    const tag = box.ciphertext.length - SEALED_BOX.tagBytes;
    const decipher = createDecipheriv('aes-256-gcm', key, box.nonce);
    decipher.setAuthTag(box.ciphertext.slice(tag));
    expect(readSealedText(Buffer.concat([decipher.update(box.ciphertext.slice(0, tag)), decipher.final()]).toString('ascii'))).toEqual(['abc', 'def']);
  });

  test.each([0, 28, SEALED_BOX.mostBytes + 1])('of %i bytes is none', (bytes) => throwsWith(() => openSealedBox(new Uint8Array(bytes)), 'SEALED_DISCLOSURES_MALFORMED', { bytes: String(bytes) }));
  test('has a nonce of twelve bytes', () => expect(() => joinSealedBox({ nonce: new Uint8Array(11), ciphertext: new Uint8Array(17) })).toThrow(TypeError));
  test.each(['', '~', 'abc~', '~abc', 'abc~~def', 'a b', 'abc\n'])('with %j inside is refused', (text) => throwsWith(() => readSealedText(text), 'SEALED_DISCLOSURES_MALFORMED'));
});

describe('what is printed and what is typed', () => {
  test('the link', () => expect(printedLink('https://xacminh.minhchung.example', ID, KEY)).toBe(`https://xacminh.minhchung.example/c/${ID}#${KEY}`));
  test.each([[`${ID}A`, KEY], [ID, KEY.slice(1)], ['../../admin-aaaaaaaaaaaa', KEY]])('no link of %j and %j', (id, key) => throwsWith(() => printedLink('https://a.example', id, key), 'FIELD_WRONG_VALUE'));

  test('the two numbers', () => expect(revealRequest({ serialNumber: 'VP 0001234', dateOfBirth: '2004-06-20' })).toEqual({ serialNumber: 'VP 0001234', dateOfBirth: '2004-06-20' }));
  test.each([
    [{ serialNumber: 'VP 1' }, 'FIELD_MISSING', 'dateOfBirth'],
    [{ serialNumber: "VP' or 1=1", dateOfBirth: '2004-06-20' }, 'REGISTER_NUMBER_MALFORMED', 'serialNumber'],
    [{ serialNumber: 'VP 1', dateOfBirth: '20/06/2004' }, 'DATE_INVALID', 'dateOfBirth'],
    [{ serialNumber: 'VP 1', dateOfBirth: '2004-06-20', name: 'Mây' }, 'FIELD_UNKNOWN', 'name'],
  ] as const)('%j is refused', (value, code, field) => throwsWith(() => revealRequest(value), code, { field }));
});
