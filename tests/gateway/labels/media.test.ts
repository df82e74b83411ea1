import { describe, expect, test } from 'vitest';
import { dotPitch, labelFrame, labelsPerPage, MEDIA, mediaNamed, type MediaName } from '../../../gateway/labels/media.js';
import { throwsWith } from '../../support/rejects-with.js';

const NAMES = Object.keys(MEDIA) as MediaName[];

describe('label stock', () => {
  test.each([
    { media: 'a4-24', count: 24, size: [63.5, 33.9], last: [139.29, 250.2] },
    { media: 'a4-40', count: 40, size: [45.7, 25.4], last: [154.6, 250.1] },
    { media: 'a4-65', count: 65, size: [38.1, 21.2], last: [167.15, 265.1] },
    { media: 'roll-60x40', count: 1, size: [60, 40], last: [0, 0] },
    { media: 'a6-logistic', count: 1, size: [105, 148], last: [0, 0] },
  ] as const)('$media: $count labels, sizes as its makers print them on the box', ({ media, count, size, last }) => {
    const stock = mediaNamed(media);
    expect(labelsPerPage(stock)).toBe(count);
    const { x, y, width, height } = labelFrame(stock, count - 1);
    expect([width, height]).toEqual(size);
    expect(x).toBeCloseTo(last[0], 6);
    expect(y).toBeCloseTo(last[1], 6);
  });

  test.each(NAMES)('%s is centred on its page, within half a millimetre', (media) => {
    const { page, label, columns, rows, left, top, pitchX, pitchY } = MEDIA[media];
    expect(Math.abs(page.width - (left + (columns - 1) * pitchX + label.width) - left)).toBeLessThan(0.5);
    expect(Math.abs(page.height - (top + (rows - 1) * pitchY + label.height) - top)).toBeLessThan(0.5);
  });

  test.each(NAMES)('%s: no label lies on another', (media) => {
    const { label, pitchX, pitchY } = MEDIA[media];
    expect(pitchX).toBeGreaterThanOrEqual(label.width);
    expect(pitchY).toBeGreaterThanOrEqual(label.height);
  });

  test.each(['', 'A4-24', 'a4-99', 'toString', '__proto__'])('%j is none', (name) => {
    throwsWith(() => mediaNamed(name), 'LABEL_MEDIA_UNKNOWN', { field: 'media', media: name, known: NAMES.join(', ') });
  });

  test.each([[203, 0.12512], [300, 0.08467], [600, 0.04233]] as const)('%i dpi is a dot every %f mm', (dpi, pitch) => {
    expect(dotPitch(dpi)).toBeCloseTo(pitch, 5);
  });
});
