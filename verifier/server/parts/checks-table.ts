/** How do you know? What was checked, and what came of it. */
import { checkName, outcomeText, resultText } from '../../core/goods/check-wording.js';
import { GOODS_CHECKS, type GoodsReport } from '../../core/goods/goods-report.js';
import { type Language, words } from '../../core/goods/language.js';
import type { Outcome, Report } from '../../core/report.js';
import { type Html, html } from '../html.js';
import { part } from './facts.js';
import { resultIcon, resultSymbols } from './icons.js';

const LABELS = {
  heading: words('Đã kiểm tra những gì', 'What was checked'),
  check: words('Mục kiểm tra', 'Check'),
  result: words('Kết quả', 'Result'),
};

/** What failed and what is not known comes first; the rest in the order of the questions. */
const URGENCY: Readonly<Record<Outcome['result'], number>> = { fail: 0, unknown: 1, pass: 2, 'not-applicable': 3 };

export function checksPart(report: GoodsReport, language: Language): Html | undefined {
  return checksTable({ checks: GOODS_CHECKS, report, name: checkName, text: outcomeText }, language);
}

/** A report with the words for it. */
export interface WordedReport<Name extends string> {
  /** In the order of the questions. */
  readonly checks: readonly Name[];
  readonly report: Report<Name>;
  readonly name: (check: Name, language: Language) => string;
  readonly text: (check: Name, outcome: Outcome, language: Language) => string;
  /** Checks whose rows the page's script finds again, by `data-check`. */
  readonly marked?: readonly Name[];
}

export function checksTable<Name extends string>(worded: WordedReport<Name>, language: Language): Html | undefined {
  const rows = rowsOf(worded).toSorted((a, b) => URGENCY[a.outcome.result] - URGENCY[b.outcome.result]);
  const symbols = resultSymbols(new Set(rows.map(({ outcome }) => outcome.result)));
  const body = html`${symbols}<table><thead><tr><th scope="col">${LABELS.check[language]}</th><th scope="col">${LABELS.result[language]}</th></tr></thead><tbody>${rows.map((row) => rowPart(row, worded, language))}</tbody></table>`;
  return part(LABELS.heading, body, language);
}

/** Checks that share a sentence because nothing could be made of them. */
interface Row<Name> {
  readonly checks: readonly [Name, ...Name[]];
  readonly outcome: Outcome;
}

/** Every check is named; those that were not reached, or had nothing to check for the same reason, stand together. */
function rowsOf<Name extends string>({ checks, report }: WordedReport<Name>): Row<Name>[] {
  const rows = new Map<string, Row<Name>>();
  for (const check of checks) {
    const outcome = report[check];
    const key = sharedKey(outcome) ?? check;
    const row = rows.get(key);
    rows.set(key, { outcome, checks: row === undefined ? [check] : [...row.checks, check] });
  }
  return [...rows.values()];
}

function sharedKey(outcome: Outcome): string | undefined {
  if (outcome.result === 'not-applicable') return outcome.reason;
  return outcome.result === 'unknown' ? outcome.code : undefined;
}

function rowPart<Name extends string>({ checks, outcome }: Row<Name>, { name, text, marked }: WordedReport<Name>, language: Language): Html {
  const names = checks.map((check) => name(check, language)).join(' · ');
  const mark = marked?.find((check) => checks.includes(check));
  return html`<tr${mark !== undefined && html` data-check="${mark}"`}><th scope="row">${names}<small>${text(checks[0], outcome, language)}</small></th><td${outcome.result === 'fail' && html` class="fail"`}>${resultIcon(outcome.result)}${resultText(outcome, language)}</td></tr>`;
}
