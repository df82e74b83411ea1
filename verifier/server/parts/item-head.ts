/** What it should be: name, picture, maker, and everything a buyer can hold against the goods. */
import type { Dossier } from '#domain/goods/dossier.js';
import { type Gtin, isGtin8 } from '#domain/gs1/gtin.js';
import type { LotRecord } from '#domain/goods/lot.js';
import type { ProductRecord } from '#domain/goods/product.js';
import { formatKilograms, parseMilligrams } from '#domain/quantity/mass.js';
import type { OrganisationRecord } from '#domain/registry/organisation.js';
import { type Language, words } from '../../core/goods/language.js';
import { countText, dayText, decimalText } from '../../core/goods/number-wording.js';
import { type Html, html, isolated } from '../html.js';
import { type Fact, fact, factList, figure, row } from './facts.js';
import { PICTURE_MISSING } from './icons.js';

const LABELS = {
  unit: words('Kiện hàng', 'Logistic unit'),
  picture: words('Ảnh sản phẩm do nhà sản xuất đăng ký', 'Picture of the product that its maker registered'),
  noPicture: words('Chưa có ảnh', 'No picture'),
  by: words('Đăng ký bởi', 'Registered by'),
  brand: words('Nhãn hiệu', 'Brand'),
  size: words('Quy cách', 'Net quantity'),
  mass: words('Khối lượng ghi nhận', 'Recorded mass'),
  lot: words('Số lô', 'Lot'),
  produced: words('Ngày sản xuất', 'Produced'),
  expires: words('Hạn dùng', 'Expiry'),
  serial: words('Sê-ri', 'Serial'),
  gtin: words('Mã vạch', 'Barcode'),
  sscc: words('SSCC', 'SSCC'),
  contents: words('Số món bên trong', 'Things inside'),
};

/** The card at the top; `lot` also where only its own answer has it. */
export function itemHead(dossier: Dossier, lot: LotRecord | undefined, language: Language): Html {
  const { product, unit } = dossier;
  return html`<section class="card"><div class="item"><div><h2 class="clip">${product === undefined ? LABELS.unit[language] : isolated(productName(product, language))}</h2><p class="clip">${registrant(dossier, language)}</p></div>${product === undefined ? undefined : picture(product, language)}</div>${factList([
    ...(product === undefined ? [] : productFacts(product, language)),
    ...lotFacts(lot, language),
    ...singleFacts(dossier, language),
    unit === undefined ? undefined : row(LABELS.sscc, html`${unit.sscc.slice(0, 9)}<wbr>${unit.sscc.slice(9)}`, language),
    unit === undefined ? undefined : figure(LABELS.contents, countText(String(unit.count), language), language),
  ])}</section>`;
}

/** In the reader's language where the maker gave one. */
export function productName(product: ProductRecord, language: Language): string {
  return language === 'en' ? product.nameEn ?? product.name : product.name;
}

/** The organisation that stands for the product or unit. */
export function makerOf({ product, unit, organisations }: Dossier): OrganisationRecord | undefined {
  const maker = product?.maker ?? unit?.maker;
  return organisations.find(({ id }) => id === maker);
}

export function organisationName(organisation: OrganisationRecord, language: Language): string {
  return language === 'en' ? organisation.nameEn ?? organisation.name : organisation.name;
}

function registrant(dossier: Dossier, language: Language): Html | undefined {
  const maker = makerOf(dossier);
  return maker && html`<small>${LABELS.by[language]}</small> ${isolated(organisationName(maker, language))}`;
}

function picture({ image }: ProductRecord, language: Language): Html {
  if (image === undefined) return html`<div class="blank" role="img" aria-label="${LABELS.noPicture[language]}">${PICTURE_MISSING}</div>`;
  return html`<img src="/media/${image}" alt="${LABELS.picture[language]}" width="144" height="144" loading="lazy" decoding="async">`;
}

function productFacts(product: ProductRecord, language: Language): Fact[] {
  return [
    fact(LABELS.brand, product.brand, language),
    fact(LABELS.size, product.netQuantity, language),
    figure(LABELS.gtin, printedGtin(product.gtin), language),
  ];
}

/** As it stands under the bars: 8, 12, 13 or 14 digits, without the zeros that fill it up. */
function printedGtin(gtin: Gtin): string {
  if (isGtin8(gtin)) return gtin.slice(6);
  return gtin.replace(/^0{1,2}/, '');
}

function lotFacts(lot: LotRecord | undefined, language: Language): Fact[] {
  if (lot === undefined) return [];
  return [
    fact(LABELS.lot, lot.lot, language),
    figure(LABELS.produced, dayText(lot.producedOn, language), language),
    lot.expiresOn === undefined ? undefined : figure(LABELS.expires, dayText(lot.expiresOn, language), language),
  ];
}

function singleFacts({ serial }: Dossier, language: Language): Fact[] {
  const mass = serial?.content?.mass;
  return [
    fact(LABELS.serial, serial?.serial, language),
    mass === undefined ? undefined : figure(LABELS.mass, kilograms(mass, language), language),
  ];
}

/** @param milligrams e.g. `25000000` → `25 kg` */
function kilograms(milligrams: string, language: Language): string {
  return `${decimalText(formatKilograms(parseMilligrams(milligrams)), language)}\u00a0kg`;
}
