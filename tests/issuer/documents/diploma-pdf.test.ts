import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISCLOSURE_NAMES, CLASSIFICATIONS } from '#domain/credential/personal-data.js';
import { DIPLOMA_LEVELS, STUDY_MODES } from '#domain/credential/diploma.js';
import { classPdf, diplomaPdf } from '../../../issuer/documents/diploma-pdf.js';
import type { DiplomaDocument } from '../../../issuer/documents/diploma-page.js';
import { CLASSES, LEVELS, MODES } from '../../../issuer/documents/diploma-wording.js';
import { MODULE_MM } from '../../../issuer/documents/qr-code.js';
import { blurred, cornersOf, cut, decode, DPI, withPagesOf } from '../../gateway/labels/read-back.js';
import { sampleDocument } from './sample.js';

const AT = Date.UTC(2026, 10, 20, 8);
const linkOf = ({ origin, publicId, revealKey }: DiplomaDocument): string => `${origin}/c/${publicId}#${revealKey}`;
/** A word that is broken over lines is still one word to a reader. */
const squeezed = (text: string): string => text.replaceAll(/\s+/g, '');

async function printed(document: DiplomaDocument): Promise<string> {
  return withPagesOf(diplomaPdf(document, AT), async ([page]) => page?.text ?? '');
}

describe('a printed diploma', () => {
  it('is one page of A4 that says everything in both languages', async () => {
    const document = sampleDocument();
    await withPagesOf(diplomaPdf(document, AT), async (pages) => {
      expect(pages).toHaveLength(1);
      expect([pages[0]?.width, pages[0]?.height]).toEqual([expect.closeTo(210, 0), expect.closeTo(297, 0)]);
      const text = squeezed(pages[0]?.text ?? '');
      for (const part of [
        'Trường Đại học Ví Dụ', 'Vi Du University', 'Bằng cử nhân', 'The degree of Bachelor', 'Nguyễn Thị Mây', '31/05/2004', '31 May 2004', 'Giỏi', 'Very good', 'Hóa học', 'Chemistry',
        'Đại học', 'Bachelor', 'Chính quy', 'Full-time', '2026', '123/QĐ-ĐHVD', 'VD 0001234', '001/2026/ĐHVD', 'Thành phố Hồ Chí Minh, 30/06/2026', '30 June 2026',
        'MINH HỌA', 'SPECIMEN', 'xac-minh.example', 'xac-minh.example/c/2GLC42sKQveCfGfryNRN9w', '0192f3a8b4c13f00aa / 17',
      ]) expect(text).toContain(squeezed(part));
      expect(text, 'whoever reads the paper without the code has no key').not.toContain(document.revealKey);
    });
  });

  it('says where it comes from and what it replaces, only when it does', async () => {
    const replaces = { credential: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d', decisionNumber: '7/QĐ-CĐ' };
    const usual = await printed(sampleDocument({ diploma: { fictional: undefined } }));
    for (const words of ['Số hóa', 'Thay thế', 'SPECIMEN']) expect(usual).not.toContain(words);
    const other = squeezed(await printed(sampleDocument({ diploma: { assurance: 'digitised', replaces } })));
    for (const words of ['Số hóa từ sổ gốc', 'Digitised', 'Thay thế', '7/QĐ-CĐ']) expect(other).toContain(squeezed(words));
  });

  it.each<[string, string, number]>([
    ['https://xac-minh.example', 'a short host', 203], ['https://xac-minh.example', 'a short host', 300],
    ['https://tra-cuu-van-bang-va-giay-phep.bo-giao-duc-va-dao-tao.example', 'a long host', 203], ['http://127.0.0.1:8080', 'this machine', 203],
  ])('is read back from its pixels: %s (%s) at %d dpi, with a blur', async (origin, _name, dpi) => {
    const document = sampleDocument({ origin });
    await withPagesOf(diplomaPdf(document, AT), async ([page]) => {
      const picture = blurred(await page!.picture(dpi));
      const symbols = await decode(picture, ['QRCode']);
      expect(symbols.map(({ text }) => text)).toEqual([linkOf(document)]);
      const { side } = cornersOf(symbols[0]!, picture);
      const modules = Math.round(side / MODULE_MM);
      expect((modules - 17) % 4, 'modules are as large as they are meant to be').toBe(0);
    });
  });

  it('is read back with a quarter of its code damaged', async () => {
    const document = sampleDocument();
    await withPagesOf(diplomaPdf(document, AT), async ([page]) => {
      const picture = await page!.picture(DPI);
      const [symbol] = await decode(picture, ['QRCode']);
      const { x, y, side } = cornersOf(symbol!, picture);
      const stamp = { x: x + side * 0.45, y: y + side * 0.45, width: side * 0.28, height: side * 0.28 };
      const grey = Uint8Array.from(picture.grey);
      for (let row = Math.floor(stamp.y * picture.down); row < (stamp.y + stamp.height) * picture.down; row += 1) {
        grey.fill(0, Math.floor(row * picture.width + stamp.x * picture.across), Math.floor(row * picture.width + (stamp.x + stamp.width) * picture.across));
      }
      expect((await decode({ ...picture, grey }, ['QRCode'])).map(({ text }) => text)).toEqual([linkOf(document)]);
    });
  });

  it('keeps a quiet zone around the code', async () => {
    await withPagesOf(diplomaPdf(sampleDocument(), AT), async ([page]) => {
      const picture = await page!.picture(600);
      const [symbol] = await decode(picture, ['QRCode']);
      const { x, y, side } = cornersOf(symbol!, picture);
      const zone = 3.8 * MODULE_MM;
      for (const frame of [
        { x: x - zone, y, width: zone * 0.95, height: side }, { x: x + side + 0.1, y, width: zone * 0.95, height: side },
        { x, y: y - zone, width: side, height: zone * 0.95 }, { x, y: y + side + 0.1, width: side, height: zone * 0.95 },
      ]) expect(Math.min(...cut(picture, frame).grey)).toBeGreaterThan(200);
    });
  });

  it('is the same bytes whenever it is made', () => {
    const digest = (): string => createHash('sha256').update(diplomaPdf(sampleDocument(), AT)).digest('hex');
    const first = digest();
    diplomaPdf(sampleDocument({ personal: { fullName: 'Võ Đặng Khánh' } }), AT);
    expect(digest()).toBe(first);
  });

  it('has a word for every value there is', () => {
    expect([Object.keys(LEVELS), Object.keys(MODES), Object.keys(CLASSES)]).toEqual([[...DIPLOMA_LEVELS], [...STUDY_MODES], [...CLASSIFICATIONS]]);
    expect(DISCLOSURE_NAMES).toEqual(['fullName', 'dateOfBirth', 'serialNumber', 'registerNumber', 'classification']);
  });

  it('holds the longest texts there can be, whole, and the code beside them', async () => {
    const wide = (length: number): string => 'W'.repeat(length);
    const document = sampleDocument({
      diploma: {
        institution: { ...sampleDocument().diploma.institution, name: wide(200), nameEn: `${wide(99)} ${wide(100)}` }, title: wide(120), titleEn: wide(120), field: wide(160), fieldEn: wide(160),
        decisionNumber: wide(60), issuePlace: wide(100), assurance: 'digitised', replaces: { credential: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d', decisionNumber: wide(60) },
      },
      personal: { fullName: wide(100), serialNumber: wide(40), registerNumber: wide(40) },
    });
    await withPagesOf(diplomaPdf(document, AT), async ([page]) => {
      const found = [...squeezed(page!.text).matchAll(/W+/g)].map(([run]) => run.length);
      expect(found.reduce((sum, length) => sum + length, 0)).toBeGreaterThanOrEqual(200 + 199 + 240 + 320 + 60 + 100 + 60 + 100 + 80);
      const picture = await page!.picture();
      const symbols = await decode(blurred(picture), ['QRCode']);
      expect(symbols.map(({ text }) => text)).toEqual([linkOf(document)]);
      const gap = cut(picture, { x: 12, y: 224, width: 186, height: 1.5 });
      expect(Math.min(...gap.grey), 'the facts end above the block for checking').toBeGreaterThan(200);
    });
  });

  it('prints any name that a diploma can have, and nothing of it goes missing', async () => {
    const letters = 'aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ';
    const word = fc.string({ unit: fc.constantFrom(...letters, ...letters.toUpperCase()), minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (words) => {
      expect(squeezed(await printed(sampleDocument({ personal: { fullName: words.join(' ') } })))).toContain(words.join(''));
    }), { numRuns: 40 });
  });
});

describe('a class for the printer', () => {
  async function* documents(count: number): AsyncGenerator<DiplomaDocument> {
    for (let at = 0; at < count; at += 1) yield sampleDocument({ personal: { serialNumber: `VD ${at}` }, publicId: Buffer.alloc(16, at).toString('base64url'), mark: `đợt / ${at + 1}` });
  }

  it('is one file with a page for each, in order, each with its own code', async () => {
    const pieces: Buffer[] = [];
    for await (const piece of classPdf(documents(12), 'Đợt cấp', AT)) pieces.push(piece);
    await withPagesOf(Buffer.concat(pieces), async (pages) => {
      expect(pages.map(({ text }) => /VD \d+/.exec(text)?.[0])).toEqual(Array.from({ length: 12 }, (_, at) => `VD ${at}`));
      const seventh = await decode(await pages[7]!.picture(), ['QRCode']);
      expect(seventh.map(({ text }) => text)).toEqual([`https://xac-minh.example/c/${Buffer.alloc(16, 7).toString('base64url')}#eluV5Og3gSNII8EYnsxA_A`]);
    });
  });

  it('comes in pieces while it is written, not all at its end', async () => {
    const sizes: number[] = [];
    for await (const piece of classPdf(documents(400), 'Đợt cấp', AT)) sizes.push(piece.length);
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.max(...sizes)).toBeLessThan(200_000);
  });
});
