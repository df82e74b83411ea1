/** The links of an item for machines (RFC 9264, with the members that GS1's resolver standard asks for). */
import { lotKey, productKey } from '#domain/gs1/item-key.js';
import { type Language, words } from '../core/goods/language.js';
import { lotOf, productOf } from '../core/goods/evidence.js';
import { type LinkType, relationOf } from './link-types.js';
import { productName } from './parts/item-head.js';
import type { ScanAnswer } from './scan-answer.js';

interface Link {
  readonly href: string;
  readonly title: string;
  readonly type?: string;
  readonly hreflang?: readonly string[];
}

export interface LinkContext {
  readonly anchor: string;
  readonly itemDescription: string;
  readonly [relation: string]: string | readonly Link[];
}

export interface Linkset {
  readonly linkset: readonly LinkContext[];
}

/** One level of what was asked: the thing itself, its lot, its product. */
interface Level {
  readonly key: string;
  readonly description: string;
  readonly isRecalled: boolean;
}

const TITLES = {
  page: words('Kiểm tra mã này', 'Check this code'),
  journey: words('Đường đi của hàng', 'Where the goods have been'),
  machine: words('Câu trả lời cho máy, kèm biên nhận', 'Answer for machines, with its receipt'),
  recall: words('ĐANG THU HỒI – không dùng', 'RECALLED – do not use'),
  unit: words('Kiện hàng', 'Logistic unit'),
  lot: words('lô', 'lot'),
  serial: words('sê-ri', 'serial'),
};

/**
 * The union of the links of every level that the register knows, each under its own anchor.
 *
 * @param origin that anchors and targets stand on, e.g. `https://id.example.org`
 * @returns no context at all when nothing is known at any level
 */
export function linksetOf(answer: ScanAnswer, origin: string, language: Language): Linkset {
  return { linkset: levelsOf(answer, language).map((level) => contextOf(level, origin, language)) };
}

/** Whether a link of this type stands in the linkset of the scanned thing. */
export function hasLink(answer: ScanAnswer, type: LinkType): boolean {
  return type !== 'recallStatus' || lotOf(answer.question)?.recall !== undefined;
}

function levelsOf({ question, report }: ScanAnswer, language: Language): Level[] {
  const product = productOf(question);
  const { scanned } = question;
  const isKnown = report.registered.result === 'pass';
  if (scanned.level === 'unit' && isKnown) return [{ key: scanned.key, description: TITLES.unit[language], isRecalled: false }];
  if (product === undefined) return [];
  const name = productName(product, language);
  const lot = lotOf(question);
  const isRecalled = lot?.recall !== undefined;
  return [
    ...(scanned.level === 'serial' && isKnown ? [{ key: scanned.key, description: `${name}, ${TITLES.serial[language]}`, isRecalled }] : []),
    ...(lot === undefined ? [] : [{ key: lotKey(lot.gtin, lot.lot), description: `${name}, ${TITLES.lot[language]} ${lot.lot}`, isRecalled }]),
    { key: productKey(product.gtin), description: name, isRecalled: false },
  ];
}

function contextOf({ key, description, isRecalled }: Level, origin: string, language: Language): LinkContext {
  const page = origin + key;
  const title = TITLES.page[language];
  const everyLanguage = { href: page, title, type: 'text/html', hreflang: ['vi', 'en'] };
  const oneLanguage = [inOne(page, 'vi'), inOne(page, 'en')];
  const machine = { href: `${page}?format=json`, title: TITLES.machine[language], type: 'application/json' };
  return {
    anchor: page,
    itemDescription: description,
    [relationOf('defaultLink')]: [{ href: page, title: isRecalled ? TITLES.recall[language] : title }],
    [relationOf('defaultLinkMulti')]: oneLanguage,
    [relationOf('pip')]: [everyLanguage, ...oneLanguage],
    [relationOf('traceability')]: [{ ...everyLanguage, title: TITLES.journey[language] }],
    [relationOf('verificationService')]: [machine],
    ...(isRecalled ? { [relationOf('recallStatus')]: [{ ...everyLanguage, title: TITLES.recall[language] }] } : {}),
  };
}

function inOne(page: string, language: Language): Link {
  return { href: `${page}?lang=${language}`, title: TITLES.page[language], type: 'text/html', hreflang: [language] };
}
