import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CREDENTIAL_TYPE_NAMES } from '#domain/credential/credential-type.js';
import { ALGORITHMS, sceneOf } from '../../support/credential-maker.js';
import { badCredentials } from './corpus.js';
import { PUBLIC } from './public-knowledge.js';
import { accepts } from './second-verifier.js';

describe('a second verifier that shares nothing with the first', () => {
  test.each(ALGORITHMS.flatMap((algorithm) => CREDENTIAL_TYPE_NAMES.map((type) => [type, algorithm] as const)))('accepts a good %s, %s', (type, algorithm) => {
    expect(accepts(sceneOf(algorithm, { type }), PUBLIC)).toBe(true);
  });

  test.each(badCredentials().map(({ name, scene }) => [name, scene] as const))('refuses: %s', (_, scene) => {
    expect(accepts(scene, PUBLIC)).toBe(false);
  });

  test('imports nothing of this repository, and is short', () => {
    const text = readFileSync(new URL('second-verifier.ts', import.meta.url), 'utf8');
    expect([...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from)).toEqual(['@noble/curves/ed25519.js', '@noble/curves/nist.js', 'node:crypto']);
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(300);
  });
});
