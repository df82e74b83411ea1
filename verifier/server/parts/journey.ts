/** Where it has been: steps by day and province, never by person. */
import type { JourneyStop } from '#domain/goods/public-item.js';
import { epochMs } from '#domain/instant.js';
import { provinceName } from '#domain/registry/provinces.js';
import { stepText } from '../../core/goods/journey-wording.js';
import { type Language, words } from '../../core/goods/language.js';
import { countText, dayText, vietnamDay } from '../../core/goods/number-wording.js';
import { type Html, html } from '../html.js';
import { part } from './facts.js';

const LABELS = {
  heading: words('Đã đi qua đâu', 'Where it has been'),
  later: words('Sổ vừa khởi động và đang đối chiếu dữ liệu. Hãy mở lại sau ít giây.', 'The register has just started and is checking its data. Open this page again in a few seconds.'),
  late: words('ghi vào sổ ngày', 'entered on'),
};

/** The last ones are what a reader wants; a page stays small. */
const MOST_STOPS = 12;
/** An entry is late when the ledger heard of it more than a day after. */
const LATE_MS = 86_400_000;

/** `undefined` for something that has been nowhere yet. */
export function journeyPart(journey: readonly JourneyStop[] | undefined, language: Language): Html | undefined {
  if (journey === undefined) return part(LABELS.heading, html`<p class="soft">${LABELS.later[language]}</p>`, language);
  if (journey.length === 0) return undefined;
  const shown = journey.slice(-MOST_STOPS);
  const list = html`<ol class="way">${shown.map((stop) => stopRow(stop, language))}</ol>`;
  return part(LABELS.heading, html`${left(journey.length - shown.length, language)}${list}`, language);
}

function left(count: number, language: Language): Html | undefined {
  if (count === 0) return undefined;
  const counted = countText(String(count), language);
  return html`<p class="soft">${language === 'vi' ? `${counted} bước trước đó không hiện ở đây.` : `${counted} earlier steps are not shown here.`}</p>`;
}

function stopRow({ step, at, recordedAt, province }: JourneyStop, language: Language): Html {
  const isLate = epochMs(recordedAt) - epochMs(at) > LATE_MS;
  return html`<li><b>${stepText(step, language)}</b><span><time datetime="${at}">${dayText(vietnamDay(at), language)}</time> · ${provinceName(province)}</span>${isLate && html`<span class="soft">${LABELS.late[language]} <time datetime="${recordedAt}">${dayText(vietnamDay(recordedAt), language)}</time></span>`}</li>`;
}
