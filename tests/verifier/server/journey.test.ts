import { describe, expect, test } from 'vitest';
import { journeyPart } from '../../../verifier/server/parts/journey.js';

describe('where it has been', () => {
  test.each([['vi', 'đang đối chiếu dữ liệu'], ['en', 'is checking its data']] as const)('is not silently empty while the register cannot say (%s)', (language, words) => {
    expect(journeyPart(undefined, language)?.markup).toContain(words);
  });

  test('is left out for something that has been nowhere', () => {
    expect(journeyPart([], 'vi')).toBeUndefined();
  });
});
