/** Whose it is and what to heed: the consumer's fields of NĐ 37/2026 Art. 23(7), and a chemical's hazards. */
import type { Dossier } from '#domain/goods/dossier.js';
import type { ProductRecord } from '#domain/goods/product.js';
import type { OrganisationRecord } from '#domain/registry/organisation.js';
import { provinceName } from '#domain/registry/provinces.js';
import { pictogramText, signalText } from '../../core/goods/journey-wording.js';
import { type Language, words } from '../../core/goods/language.js';
import { type Html, html, isolated } from '../html.js';
import { type Fact, fact, factList, facts, part, row } from './facts.js';
import { makerOf, organisationName } from './item-head.js';

const LABELS = {
  who: words('Ai chịu trách nhiệm', 'Who answers for it'),
  registrant: words('Đơn vị đăng ký', 'Registered by'),
  producer: words('Nhà sản xuất', 'Producer'),
  importer: words('Nhà nhập khẩu', 'Importer'),
  origin: words('Xuất xứ', 'Origin'),
  standards: words('Tiêu chuẩn áp dụng', 'Standards applied'),
  heed: words('Cần lưu ý', 'Please note'),
  signal: words('Từ cảnh báo', 'Signal word'),
  hazards: words('Mối nguy', 'Hazards'),
  unNumber: words('Số UN', 'UN number'),
  warnings: words('Cảnh báo', 'Warnings'),
  prefix: words('Số 893 ở đầu mã vạch cho biết GS1 Việt Nam cấp mã, không cho biết hàng làm ở đâu.', 'A barcode that begins with 893 was issued by GS1 Viet Nam; it does not say where the goods were made.'),
};

const COUNTRIES: Readonly<Record<Language, Intl.DisplayNames>> = {
  vi: new Intl.DisplayNames('vi', { type: 'region' }),
  en: new Intl.DisplayNames('en', { type: 'region' }),
};

/** Signal word, hazards and warnings; `undefined` for a product without any. */
export function hazardPart({ hazard, warnings }: ProductRecord, language: Language): Html | undefined {
  return part(LABELS.heed, factList([
    hazard && row(LABELS.signal, html`<b>${signalText(hazard.signalWord, language)}</b>`, language),
    hazard && facts(LABELS.hazards, hazard.pictograms.map((each) => `${pictogramText(each, language)} (${each})`), language),
    fact(LABELS.unNumber, hazard?.unNumber === undefined ? undefined : `UN ${hazard.unNumber}`, language),
    warnings.length === 0 ? undefined : row(LABELS.warnings, lines(warnings), language),
  ]), language);
}

/** Registrant, producer, importer, origin, standards. */
export function responsibilityPart(dossier: Dossier, language: Language): Html | undefined {
  const { product } = dossier;
  const rows = [registrant(dossier, language), ...(product === undefined ? [] : productRows(product, language))];
  const list = factList(rows);
  return part(LABELS.who, list && html`${list}${product?.gtin.startsWith('893', 1) && html`<p class="soft">${LABELS.prefix[language]}</p>`}`, language);
}

/** Left out where it is the producer, who is named with address below. */
function registrant(dossier: Dossier, language: Language): Fact {
  const maker = makerOf(dossier);
  if (maker?.name === dossier.product?.producer.name) return undefined;
  return maker && facts(LABELS.registrant, [organisationName(maker, language), maker.address, provinceBeside(maker)], language);
}

/** Not said twice: most addresses end with it. */
function provinceBeside({ address, province }: OrganisationRecord): string | undefined {
  const name = provinceName(province);
  return address.endsWith(name) ? undefined : name;
}

function productRows(product: ProductRecord, language: Language): Fact[] {
  const { producer, importer, origin, standards } = product;
  return [
    facts(LABELS.producer, [producer.name, producer.address], language),
    importer && facts(LABELS.importer, [importer.name, importer.address], language),
    fact(LABELS.origin, countryName(origin, language), language),
    standards.length === 0 ? undefined : row(LABELS.standards, lines(standards), language),
  ];
}

/** A code that is none is shown as it stands: the names refuse it. */
function countryName(code: string, language: Language): string {
  return /^[A-Z]{2}$/.test(code) ? COUNTRIES[language].of(code) ?? code : code;
}

function lines(texts: readonly string[]): Html {
  return html`<ul>${texts.map((text) => html`<li>${isolated(text)}</li>`)}</ul>`;
}
