import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { labelFrame, labelsPerPage, MEDIA, type MediaName } from '../../../gateway/labels/media.js';
import { labelFileName, renderLabels } from '../../../gateway/labels/render.js';
import type { ItemLabel, Label } from '../../../gateway/labels/label-job.js';
import { rejectsWith } from '../../support/rejects-with.js';
import { blurred, cornersOf, cut, decode, pdfOf, withPages, type Picture, type PrintedPage } from './read-back.js';
import { acid, GTIN, HOST, HOSTILE_NAMES, jobOf, pallet, SSCC, STEM, tea } from './sample-labels.js';

const SHEETS: readonly MediaName[] = ['a4-24', 'a4-40', 'a4-65'];
const NAMES = Object.keys(MEDIA) as MediaName[];

/** A sheet and a bit: plausible goods, and every hostile name. */
function mixedLabels(media: MediaName): ItemLabel[] {
  const count = labelsPerPage(MEDIA[media]) > 1 ? labelsPerPage(MEDIA[media]) + 2 : HOSTILE_NAMES.length + 2;
  return Array.from({ length: count }, (_, at) => {
    const productName = HOSTILE_NAMES[at - 2];
    return productName === undefined ? tea(at) : tea(at, { productName, brand: productName, netQuantity: productName.slice(0, 12) });
  });
}

/** Label pages only, each with the labels it must carry. */
function labelPages(media: MediaName, pages: readonly PrintedPage[], labels: readonly Label[]): { page: PrintedPage; labels: readonly Label[] }[] {
  const perPage = labelsPerPage(MEDIA[media]);
  return pages.slice(1).map((page, at) => ({ page, labels: labels.slice(at * perPage, (at + 1) * perPage) }));
}

async function linksOn(media: MediaName, page: PrintedPage, count: number): Promise<string[][]> {
  const picture = blurred(await page.picture());
  const found: string[][] = [];
  for (let place = 0; place < count; place++) {
    const symbols = await decode(cut(picture, labelFrame(MEDIA[media], place)), ['QRCode']);
    found.push(symbols.map(({ text }) => text));
  }
  return found;
}

describe('every code is read back from the page at 203 dpi, blurred', () => {
  test.each(NAMES)('%s, with plausible and hostile goods', async (media) => {
    const labels = mixedLabels(media);
    await withPages(jobOf(media, labels), async (pages) => {
      for (const printed of labelPages(media, pages, labels)) {
        expect(await linksOn(media, printed.page, printed.labels.length)).toEqual(printed.labels.map(({ link }) => [link]));
      }
    });
  });

  test.each(['a4-24', 'roll-60x40', 'a6-logistic'] as const)('%s, with hazard pictograms', async (media) => {
    const labels = [acid(0, []), acid(1, ['GHS05']), acid(2), acid(3, ['GHS05', 'GHS06', 'GHS08']), acid(4, ['GHS02', 'GHS06', 'GHS08', 'GHS09'])];
    await withPages(jobOf(media, labels), async (pages) => {
      for (const printed of labelPages(media, pages, labels)) {
        expect(await linksOn(media, printed.page, printed.labels.length)).toEqual(printed.labels.map(({ link }) => [link]));
      }
    });
  });

  test('the finest code of a4-65: 178 characters, 0.339 mm', async () => {
    const stem = `${STEM}/${'X'.repeat(178 - STEM.length - 67)}`;
    const lot = 'W'.repeat(20);
    const serial = 'W'.repeat(20);
    const label = tea(0, { lot, serial, link: `${stem}/01/${GTIN}/10/${lot}/21/${serial}`, netQuantity: '1 kg' });
    expect(label.link).toHaveLength(178);
    await withPages(jobOf('a4-65', [label]), async ([testPage, page]) => {
      expect(await linksOn('a4-65', page!, 1)).toEqual([[label.link]]);
      expect(plain(testPage!.text)).toContain('0,339 mm (8 điểm in)');
      expect(plain(testPage!.text)).toContain('nhỏ hơn mức 0,396 mm cho quầy bán lẻ: chỉ quét gần');
    });
  });

  test('a link in small letters, as bytes', async () => {
    const label = tea(0, { lot: 'lo-26a', serial: 'abc', link: `https://${HOST}/01/${GTIN}/10/lo-26a/21/abc` });
    await withPages(jobOf('a4-65', [label]), async ([, page]) => {
      expect(await linksOn('a4-65', page!, 1)).toEqual([[label.link]]);
    });
  });

  test.each([203, 300, 600] as const)('a logistic unit for %i dpi: SSCC as GS1-128, and the link', async (dpi) => {
    await withPages(jobOf('a6-logistic', [pallet()], { dpi }), async ([, page]) => {
      const picture = blurred(await page!.picture());
      const bars = await decode(picture, ['Code128']);
      expect(bars.map(({ text, symbologyIdentifier }) => [text, symbologyIdentifier])).toEqual([[`(00)${SSCC}`, ']C1']]);
      expect((await decode(picture, ['QRCode'])).map(({ text }) => text)).toEqual([`${STEM}/00/${SSCC}`]);
      const width = bars[0]!.position.topRight.x - bars[0]!.position.topLeft.x;
      expect(width / picture.across / 156).toBeGreaterThanOrEqual(0.495 * 0.99);
    });
  });

  test.each([
    ['all fields', tea(0), `(01)${GTIN}(17)271231(10)LO26-0417(21)7QK2M9ZD0000`],
    ['GTIN alone', { kind: 'item', gtin: GTIN, productName: 'Trà', link: `${STEM}/01/${GTIN}` } satisfies ItemLabel, `(01)${GTIN}`],
    ['brackets and percent in the lot', { kind: 'item', gtin: GTIN, lot: 'A(1)%/', productName: 'Trà', link: `${STEM}/01/${GTIN}/10/A%281%29%25%2F` } satisfies ItemLabel, `(01)${GTIN}(10)A(1)%/`],
  ])('GS1 DataMatrix on A6: %s', async (_, label, elements) => {
    await withPages(jobOf('a6-logistic', [label]), async ([, page]) => {
      const symbols = await decode(blurred(await page!.picture()), ['DataMatrix']);
      expect(symbols.map(({ text, symbologyIdentifier }) => [text, symbologyIdentifier])).toEqual([[elements, ']d2']]);
    });
  });
});

describe('geometry, measured on the rendered page', () => {
  test.each(NAMES)('%s: every page has the paper\'s size', async (media) => {
    await withPages(jobOf(media, [tea(0), tea(1)]), async (pages) => {
      for (const { width, height } of pages) {
        expect(width).toBeCloseTo(MEDIA[media].page.width, 3);
        expect(height).toBeCloseTo(MEDIA[media].page.height, 3);
      }
    });
  });

  test.each([
    { media: 'a4-24', across: 66.04, down: 33.9, module: 12 * (25.4 / 600) },
    { media: 'a4-40', across: 48.3, down: 25.4, module: 10 * (25.4 / 600) },
    { media: 'a4-65', across: 40.6, down: 21.2, module: 10 * (25.4 / 600) },
  ] as const)('$media: pitch of the codes, and their module', async ({ media, across, down, module }) => {
    const { columns } = MEDIA[media];
    await withPages(jobOf(media, mixedLabels(media).map((label, at) => tea(at, { link: label.link }))), async ([, page]) => {
      const picture = await page!.picture(600);
      const codeAt = async (place: number): Promise<{ x: number; y: number; side: number }> => {
        const frame = labelFrame(MEDIA[media], place);
        const [symbol] = await decode(cut(picture, frame), ['QRCode']);
        const { x, y, side } = cornersOf(symbol!, picture);
        return { x: frame.x + x, y: frame.y + y, side };
      };
      const [first, right, below] = [await codeAt(0), await codeAt(1), await codeAt(columns)];
      expect(Math.abs(right.x - first.x - across)).toBeLessThan(0.1);
      expect(Math.abs(below.y - first.y - down)).toBeLessThan(0.1);
      expect(Math.abs(first.side / 33 - module)).toBeLessThan(0.01);
    });
  });

  test.each(SHEETS)('%s: nothing is printed between the labels but the job line', async (media) => {
    await withPages(jobOf(media, mixedLabels(media)), async ([, page]) => {
      const picture = await page!.picture();
      const frames = Array.from({ length: labelsPerPage(MEDIA[media]) }, (_, place) => labelFrame(MEDIA[media], place));
      const inside = (x: number, y: number): boolean => frames.some((frame) => x >= frame.x && x <= frame.x + frame.width && y >= frame.y && y <= frame.y + frame.height);
      const stray: string[] = [];
      for (const [at, value] of picture.grey.entries()) {
        if (value >= 200) continue;
        const [x, y] = [(at % picture.width) / picture.across, Math.floor(at / picture.width) / picture.down];
        if (y < 297 - 10 && !inside(x, y)) stray.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
      }
      expect(stray).toEqual([]);
    });
  });

  test.each([
    { media: 'a4-24', marks: 160, language: 'vi' }, { media: 'a4-65', marks: 160, language: 'en' },
    { media: 'a6-logistic', marks: 90, language: 'vi' }, { media: 'roll-60x40', marks: 50, language: 'en' },
  ] as const)('the ruler on the test page of $media has a tick at every millimetre', async ({ media, marks, language }) => {
    await withPages(jobOf(media, [tea(0)], { language }), async ([page]) => {
      const picture = await page!.picture(600);
      const ticks = rulerTicks(picture, marks + 1);
      expect(ticks).toHaveLength(marks + 1);
      const steps = ticks.map((tick, at) => tick - ticks[0]! - at);
      expect(Math.max(...steps.map(Math.abs))).toBeLessThan(0.05);
    });
  });

  test.each(NAMES)('the test code of %s leads to the host', async (media) => {
    await withPages(jobOf(media, [tea(0)]), async ([page]) => {
      expect((await decode(blurred(await page!.picture()), ['QRCode'])).map(({ text }) => text)).toEqual([STEM]);
    });
  });
});

/** Where the ticks begin, millimetres: in the first row of pixels with exactly `count` of them close together. */
function rulerTicks({ width, height, grey, across }: Picture, count: number): number[] {
  for (let row = 0; row < height; row++) {
    let chain: number[] = [];
    for (let x = 1; x <= width; x++) {
      const begins = x < width && grey[row * width + x]! < 128 && grey[row * width + x - 1]! >= 128;
      const apart = x - (chain.at(-1) ?? x) > 1.2 * across;
      if (apart || x === width) {
        if (chain.length === count) return chain.map((tick) => tick / across);
        chain = [];
      }
      if (begins) chain.push(x);
    }
  }
  return [];
}

describe('words on the page', () => {
  test.each([
    { language: 'vi', words: ['Trang in thử', 'Quét để kiểm tra', 'HSD\u00a031/12/2027', 'Số lô\u00a0LO26-0417', 'NGUY HIỂM', 'UN\u00a01789', 'Lệnh in in-2026-11-20.001', 'trang 2/2', 'tem 1–2 / 2', 'tem 0 / 2'] },
    { language: 'en', words: ['Print test page', 'Scan to check', 'EXP\u00a031 Dec 2027', 'Lot\u00a0LO26-0417', 'DANGER', 'UN\u00a01789', 'Print job in-2026-11-20.001', 'page 2/2', 'labels 1–2 / 2', 'labels 0 / 2'] },
  ] as const)('$language', async ({ language, words }) => {
    const labels = [tea(0, { productName: 'ĐẠI HỌC Thụ ị ọ ụ' }), acid(1)];
    await withPages(jobOf('a4-24', labels, { language }), async (pages) => {
      const text = plain(pages.map((page) => page.text).join('\n'));
      const wanted = [...words, 'ĐẠI HỌC Thụ ị ọ ụ', 'Axit clohydric kỹ thuật 32', '(01)09520000000011', '(10)LO26-0417', '(21)7QK2M9ZD0001', HOST, '100 g'];
      expect(wanted.map(plain).filter((words_) => !text.includes(words_))).toEqual([]);
    });
  });

  test('every page says which job, which page of how many, which labels of how many', async () => {
    const labels = Array.from({ length: 50 }, (_, at) => tea(at));
    await withPages(jobOf('a4-24', labels), async (pages) => {
      const lines = pages.map(({ text }) => /Lệnh in \S+ · trang \d+\/\d+ · tem [\d–]+ \/ \d+/.exec(plain(text))?.[0]);
      expect(lines).toEqual([
        'Lệnh in in-2026-11-20.001 · trang 1/4 · tem 0 / 50', 'Lệnh in in-2026-11-20.001 · trang 2/4 · tem 1–24 / 50',
        'Lệnh in in-2026-11-20.001 · trang 3/4 · tem 25–48 / 50', 'Lệnh in in-2026-11-20.001 · trang 4/4 · tem 49–50 / 50',
      ]);
    });
  });

  test('on A6 a long address and a long name stand whole, in smaller type', async () => {
    const shipTo = 'Trung tâm phân phối Siêu thị Sao Mai miền Bắc, Lô D3 Khu công nghiệp Phố Nối A, xã Lạc Đạo, tỉnh Hưng Yên';
    const productName = 'Axeton kỹ thuật tinh khiết dùng cho sản xuất sơn và dung môi công nghiệp, can nhựa HDPE';
    await withPages(jobOf('a6-logistic', [pallet({ shipTo }), { ...acid(1), productName }]), async ([, unit, item]) => {
      for (const page of [unit!, item!]) expect(page.text).not.toContain('…');
      expect(unit!.text.replaceAll(/\s+/g, ' ')).toContain('Hưng Yên');
      expect(item!.text.replaceAll(/\s+/g, ' ')).toContain('can nhựa HDPE');
    });
  });

  test('a unit: who, whom, what, which', async () => {
    await withPages(jobOf('a6-logistic', [pallet()]), async ([, page]) => {
      const text = plain(page!.text);
      expect(['Nơi gửi', 'Hợp tác xã Trà Shan', 'Nơi nhận', 'Cửa hàng Sao Mai', 'Hàng bên trong', '24 thùng × 12 gói', SSCC, `(00)${SSCC}`].filter((words) => !text.includes(words))).toEqual([]);
    });
  });
});

function plain(text: string): string {
  return text.normalize('NFC').replaceAll(/[\u00a0 ]+/g, ' ').replaceAll('\r\n', '\n');
}

describe('the file', () => {
  test('is named after its job, says so inside, and asks viewers not to scale it', async () => {
    const job = jobOf('roll-60x40', [tea(0)]);
    expect(labelFileName(job)).toBe('labels-in-2026-11-20.001.pdf');
    const text = (await pdfOf(job)).toString('latin1');
    expect(text).toMatch(/^%PDF-1\.7/);
    expect(text).toContain('(labels-in-2026-11-20.001.pdf)');
    expect(text).toMatch(/\/ViewerPreferences \d+ 0 R/);
    expect(text).toContain('/PrintScaling /None');
    expect(text).toContain('(vi-VN)');
    expect(text.trimEnd()).toMatch(/%%EOF$/);
  });

  test('embeds subsets, not whole fonts', async () => {
    expect((await pdfOf(jobOf('a4-24', [tea(0)]))).length).toBeLessThan(60_000);
  });

  test('counts what it wrote', async () => {
    const sink = new PassThrough().resume();
    await expect(renderLabels(jobOf('a4-24', Array.from({ length: 49 }, (_, at) => tea(at))), sink)).resolves.toEqual({ pages: 4, labels: 49 });
    expect(sink.writableFinished).toBe(true);
  });

  test('a refused job writes nothing and leaves the output open', async () => {
    let written = 0;
    const output = new Writable({ write: (chunk: Buffer, _encoding, done) => { written += chunk.length; done(); } });
    await rejectsWith(renderLabels(jobOf('a4-24', [tea(0), tea(1, { gtin: '09520000000012' })]), output), 'GTIN_CHECK_DIGIT_WRONG', { field: 'labels[1]' });
    expect({ written, destroyed: output.destroyed, ended: output.writableEnded }).toEqual({ written: 0, destroyed: false, ended: false });
  });

  test('fails when the reader goes away, and does not hang', async () => {
    const output = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => { output.destroy(); done(); } });
    await expect(renderLabels(jobOf('roll-60x40', Array.from({ length: 60 }, (_, at) => tea(at))), output)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  test('waits for a slow reader: never more than two chunks ahead of it', async () => {
    let most = 0;
    let taken = 0;
    const output = new Writable({
      highWaterMark: 1,
      write: (chunk: Buffer, _encoding, done) => { taken += chunk.length; most = Math.max(most, output.writableLength); setImmediate(done); },
    });
    await renderLabels(jobOf('roll-60x40', Array.from({ length: 300 }, (_, at) => tea(at))), output);
    expect(taken).toBeGreaterThan(400_000);
    expect(most).toBeLessThan(2 * 80_000);
  });
});
