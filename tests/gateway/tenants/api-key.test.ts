import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { isSecretOf, newApiKey, NO_HASH, readBearer } from '../../../gateway/tenants/api-key.js';

const codeOf = (header: string | undefined): string => {
  try {
    readBearer(header);
    return 'accepted';
  } catch (error) {
    return error instanceof Problem ? error.code : 'other';
  }
};

describe('an API key', () => {
  it('is read back from the header it is sent in', () => {
    const { id, text, hash } = newApiKey(randomBytes);
    expect(text).toMatch(/^mc_[2-9A-HJ-NP-Z]{12}_[A-Za-z0-9_-]{43}$/);
    const read = readBearer(`Bearer ${text}`);
    expect(read.id).toBe(id);
    expect(isSecretOf(read.secret, hash)).toBe(true);
    expect(isSecretOf(read.secret, NO_HASH)).toBe(false);
    expect(isSecretOf(`${read.secret.slice(0, -1)}${read.secret.endsWith('A') ? 'B' : 'A'}`, hash)).toBe(false);
    expect(hash).not.toContain(read.secret);
  });

  it('has 256 random bits, from the source it is given', () => {
    const drawn: number[] = [];
    newApiKey((length) => {
      drawn.push(length);
      return randomBytes(length);
    });
    expect(drawn.at(-1)).toBe(32);
    expect(new Set(Array.from({ length: 1000 }, () => newApiKey(randomBytes).text)).size).toBe(1000);
  });

  const secret = 'A'.repeat(43);
  it.each([
    [undefined, 'API_KEY_MISSING'], ['', 'API_KEY_MISSING'], [`Bearer mc_7QK2M9ZD4XWA_${secret}`, 'accepted'], [`bearer  mc_7QK2M9ZD4XWA_${secret}`, 'accepted'],
    ['Bearer', 'API_KEY_WRONG'], [`Basic mc_7QK2M9ZD4XWA_${secret}`, 'API_KEY_WRONG'], [`Bearer mc_7QK2M9ZD4XWA_${secret}A`, 'API_KEY_WRONG'],
    [`Bearer mc_7QK2M9ZD4XW0_${secret}`, 'API_KEY_WRONG'], [`Bearer mc_7QK2M9ZD4XWA_${secret.slice(1)}`, 'API_KEY_WRONG'], [`Bearer ${'x'.repeat(10_000)}`, 'API_KEY_WRONG'],
  ])('header %#: %s', (header, code) => {
    expect(codeOf(header)).toBe(code);
  });
});
