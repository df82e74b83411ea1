import { describe, expect, test } from 'vitest';
import { CREDENTIAL_TYPE_NAMES } from '#domain/credential/credential-type.js';
import { ALGORITHMS, NOW, sceneOf, SNAPSHOT } from '../../support/credential-maker.js';
import { didJwtVc, veramo } from '../../support/library-verifiers.js';

describe.each([['did-jwt-vc', didJwtVc(SNAPSHOT)], ['Veramo 7', veramo(SNAPSHOT)]])('%s', (_, takes) => {
  const kinds = CREDENTIAL_TYPE_NAMES.flatMap((type) => ALGORITHMS.map((algorithm) => [type, algorithm] as const));

  test.each(kinds)('accepts a %s, %s, with our DID document', async (type, algorithm) => {
    const { text } = sceneOf(algorithm, { type });
    expect(await takes(text.split(/[~#]/)[0] ?? '', NOW)).toBe(true);
  });

  test.each(ALGORITHMS)('%s: does not accept another signature', async (algorithm) => {
    const { text } = sceneOf(algorithm, { signature: (signature) => Buffer.from(signature).fill(7, 0, 4) });
    expect(await takes(text.split('#')[0] ?? '', NOW).catch(() => false)).toBe(false);
  });
});
