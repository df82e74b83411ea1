import fc from 'fast-check';
import { create } from 'qrcode';
import { describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { dotPitch, MEDIA, MOST_MODULE, type MediaName } from '../../../gateway/labels/media.js';
import { isAlphanumeric, LONGEST_LINK, planQr, QUIET_ZONE, qrModules, qrSize, qrVersion } from '../../../gateway/labels/qr-symbol.js';
import { throwsWith } from '../../support/rejects-with.js';
import { decode } from './read-back.js';
import { STEM } from './sample-labels.js';

const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'; // ISO/IEC 18004, table 5
const alphanumeric = fc.string({ unit: fc.constantFrom(...CHARACTERS), minLength: 1, maxLength: LONGEST_LINK });
const dpis = fc.constantFrom(203 as const, 300 as const, 600 as const);

describe('version', () => {
  test.each(Array.from({ length: 10 }, (_, at) => at + 1))('%i holds as much at level M as the encoder puts into it', (version) => {
    for (const [letter, mode] of [['A', 'alphanumeric'], ['a', 'byte']] as const) {
      const longest = Array.from({ length: 320 }, (_, at) => at + 1).filter((length) => (qrVersion(letter.repeat(length)) ?? 99) <= version).length;
      const segment = (length: number) => mode === 'byte' ? [{ mode, data: new Uint8Array(length).fill(97) } as const] : [{ mode, data: 'A'.repeat(length) } as const];
      expect(create(segment(longest), { errorCorrectionLevel: 'M' }).version).toBe(version);
      expect(create(segment(longest + 1), { errorCorrectionLevel: 'M' }).version).toBe(version + 1);
    }
  });

  test.each([
    { link: 'HTTPS://ID.EXAMPLE.ORG/01/09506000134352/10/LOT2026A/21/7K2M9Q4TXB', version: 4, source: 'measured with another encoder at level M' },
    { link: 'https://id.example.org/01/09506000134352/10/LOT2026A/21/7K2M9Q4TXB', version: 5, source: 'the same in small letters: bytes' },
    { link: 'A'.repeat(311), version: 10, source: 'ISO/IEC 18004, table 7' },
    { link: 'A'.repeat(312), version: undefined, source: 'one more' },
  ])('$version for $link', ({ link, version }) => {
    expect(qrVersion(link)).toBe(version);
  });

  test('a link in capitals is packed into the 45 characters', () => {
    fc.assert(fc.property(alphanumeric, (link) => {
      const [segment] = create([{ data: link, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' }).segments as unknown as { mode: { id: string } }[];
      expect({ ours: isAlphanumeric(link), theirs: segment!.mode.id }).toEqual({ ours: true, theirs: 'Alphanumeric' });
      expect(qrModules(link, qrVersion(link)!).size).toBe(qrSize(qrVersion(link)!));
    }), { numRuns: 60 });
  });

  test.each(['a', '_', '~', '(', '?', '=', '&', '#', 'Đ'])('%s leaves them', (character) => {
    expect(isAlphanumeric(`HTTPS://A.VN/${character}`)).toBe(false);
  });
});

test('what is drawn is what is read, for any characters of an address', async () => {
  const address = fc.string({ unit: fc.constantFrom(...CHARACTERS.replace(' ', ''), ...'abcxyz_~?=&'), minLength: 1, maxLength: 120 });
  await fc.assert(fc.asyncProperty(address, async (tail) => {
    const link = `${STEM}/${tail}`;
    const { size, data } = qrModules(link, qrVersion(link)!);
    const side = (size + 2 * QUIET_ZONE) * 3;
    const grey = Uint8Array.from({ length: side * side }, (_, at) => {
      const [x, y] = [Math.floor((at % side) / 3) - QUIET_ZONE, Math.floor(at / side / 3) - QUIET_ZONE];
      return x >= 0 && y >= 0 && x < size && y < size && data[y * size + x] === 1 ? 0 : 255;
    });
    expect((await decode({ width: side, height: side, across: 1, down: 1, grey }, ['QRCode'])).map(({ text }) => text)).toEqual([link]);
  }), { numRuns: 40 });
});

describe('module', () => {
  test.each([
    { media: 'a4-24', dpi: 600, version: 4, dots: 12, module: 0.508 },
    { media: 'a4-24', dpi: 300, version: 4, dots: 6, module: 0.508 },
    { media: 'a4-24', dpi: 203, version: 4, dots: 4, module: 0.5005 },
    { media: 'a4-24', dpi: 600, version: 6, dots: 10, module: 0.4233 },
    { media: 'a4-40', dpi: 600, version: 4, dots: 10, module: 0.4233 },
    { media: 'a4-65', dpi: 600, version: 5, dots: 10, module: 0.4233 },
    { media: 'a4-65', dpi: 600, version: 6, dots: 9, module: 0.381 },
    { media: 'a4-65', dpi: 600, version: 7, dots: 8, module: 0.3387 },
    { media: 'a4-65', dpi: 300, version: 7, dots: 4, module: 0.3387 },
    { media: 'roll-60x40', dpi: 203, version: 4, dots: 4, module: 0.5005 },
    { media: 'a6-logistic', dpi: 203, version: 4, dots: 7, module: 0.8759 },
    { media: 'a6-logistic', dpi: 600, version: 4, dots: 23, module: 0.9737 },
  ] as const)('$media at $dpi dpi, version $version: $dots dots', ({ media, dpi, version, dots, module }) => {
    const plan = planQr(version, MEDIA[media], dpi, MEDIA[media].qr.wanted, MEDIA[media].qr.box);
    expect(plan.dots).toBe(dots);
    expect(plan.module).toBeCloseTo(module, 4);
    expect(plan.box).toBeCloseTo((qrSize(version) + 8) * module, 1);
  });

  test.each([
    { media: 'a4-24', dpi: 600, version: 7, least: '0.396' },
    { media: 'a4-40', dpi: 203, version: 4, least: '0.396' },
    { media: 'a4-65', dpi: 600, version: 8, least: '0.338' },
    { media: 'roll-60x40', dpi: 203, version: 6, least: '0.396' },
  ] as const)('$media at $dpi dpi has no room for version $version', ({ media, dpi, version, least }) => {
    throwsWith(() => planQr(version, MEDIA[media], dpi, MEDIA[media].qr.wanted, MEDIA[media].qr.box), 'LABEL_LINK_TOO_LONG', { media, least });
  });

  test('whole dots, inside the room, inside the standard\'s range; or refused', () => {
    fc.assert(fc.property(fc.constantFrom(...Object.keys(MEDIA) as MediaName[]), dpis, fc.integer({ min: 1, max: 10 }), fc.double({ min: 5, max: 60, noNaN: true }), (name, dpi, version, room) => {
      const media = MEDIA[name];
      try {
        const plan = planQr(version, media, dpi, media.qr.wanted, room);
        expect(Number.isInteger(plan.dots)).toBe(true);
        expect(plan.module).toBeCloseTo(plan.dots * dotPitch(dpi), 9);
        expect(plan.box).toBeLessThanOrEqual(room + 1e-6);
        expect(plan.module).toBeGreaterThanOrEqual(media.qr.least);
        expect(plan.module).toBeLessThanOrEqual(MOST_MODULE);
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
        expect((error as Problem).code).toBe('LABEL_LINK_TOO_LONG');
      }
    }));
  });
});
