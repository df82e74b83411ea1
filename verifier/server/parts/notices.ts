/** What must be read before anything else: recalls and orders in the words of whoever gave them, and plain warnings. */
import type { Dossier } from '#domain/goods/dossier.js';
import type { LotRecord, Measure } from '#domain/goods/lot.js';
import type { Hold } from '#domain/lifecycle/item.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Tone } from '../../core/goods/band.js';
import { whereaboutsOf } from '../../core/goods/evidence.js';
import { type Language, type Words, words } from '../../core/goods/language.js';
import { dayText, vietnamDay } from '../../core/goods/number-wording.js';
import { type Html, html, isolated } from '../html.js';
import { organisationName } from './item-head.js';

const LABELS = {
  recall: words('Thu hồi lô này', 'Recall of this lot'),
  suspension: words('Tạm dừng lô này', 'Suspension of this lot'),
  hold: words('Lệnh với món hàng này', 'Order on these goods'),
  reason: words('Lý do:', 'Reason:'),
  todo: words('Việc cần làm:', 'What to do:'),
  by: words('Ghi bởi', 'Recorded by'),
  on: words('ngày', 'on'),
  fictional: words('Dữ liệu minh họa: đơn vị đăng ký ở đây không có thật.', 'Demonstration data: the organisation registered here does not exist.'),
  foreign: words('Mã bạn nhập dẫn tới một trang khác, không phải trang này. Kẻ gian có thể dán đè mã: chỉ tin địa chỉ', 'The code you gave leads to another site, not to this one. Labels can be pasted over: trust this address only:'),
};

/** Every notice about the goods. */
export function notices(dossier: Dossier, lot: LotRecord | undefined, language: Language): Html {
  const hold = holdOn(dossier);
  return html`${lot?.recall && measureNotice(LABELS.recall, lot.recall, dossier, language)}${lot?.suspension && measureNotice(LABELS.suspension, lot.suspension, dossier, language)}${hold && holdNotice(hold, dossier, language)}${isFictional(dossier) && plainNotice(LABELS.fictional[language])}`;
}

/** For a code that was typed or pasted and leads elsewhere. What it leads to is not repeated here. */
export function foreignAddressNotice(host: string, language: Language): Html {
  return html`<section class="card notice warning"><p>${LABELS.foreign[language]} <b>${host}</b></p></section>`;
}

function holdOn({ serial, unit, inside }: Dossier): Hold | undefined {
  const record = serial ?? unit;
  return record === undefined ? undefined : whereaboutsOf(record, inside)?.hold;
}

function measureNotice(heading: Words, measure: Measure, dossier: Dossier, language: Language): Html {
  const tone: Tone = heading === LABELS.recall ? 'danger' : 'warning';
  return html`<section class="card notice ${tone}"><h2>${heading[language]}</h2><p><b>${LABELS.todo[language]}</b> ${isolated(measure.instruction)}</p><p><b>${LABELS.reason[language]}</b> ${isolated(measure.reason)}</p>${source(measure, dossier, language)}</section>`;
}

function holdNotice(hold: Hold, dossier: Dossier, language: Language): Html {
  return html`<section class="card notice warning"><h2>${LABELS.hold[language]}</h2><p><b>${LABELS.reason[language]}</b> ${isolated(hold.reason)}</p>${source(hold, dossier, language)}</section>`;
}

function source({ by, at }: Pick<Measure, 'by' | 'at'>, dossier: Dossier, language: Language): Html {
  return html`<p class="soft">${LABELS.by[language]} ${isolated(nameOf(by, dossier, language))}, ${LABELS.on[language]} <time datetime="${at}">${dayText(vietnamDay(at), language)}</time></p>`;
}

function nameOf(id: OrganisationId, { organisations }: Dossier, language: Language): string {
  const found = organisations.find((each) => each.id === id);
  return found === undefined ? id : organisationName(found, language);
}

function isFictional({ organisations }: Dossier): boolean {
  return organisations.some(({ fictional }) => fictional === 'yes');
}

function plainNotice(text: string): Html {
  return html`<section class="card notice caution"><p>${text}</p></section>`;
}
