/** Whether the ledger's organisations signed exactly what is shown. */
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { Dossier } from '#domain/goods/dossier.js';
import { type Outcome, passIf, unknown, worstOf } from '../report.js';
import { type Evidence, type GoodsQuestion, evidenceOf } from './evidence.js';

/** Each answer must be proven by its own receipt. */
export function receiptProves(question: GoodsQuestion): Outcome {
  const outcomes = evidenceOf(question).map(provenBy);
  return worstOf(question.lotAnswer === 'unreachable' ? [...outcomes, unknown('RECEIPT_MISSING')] : outcomes, 'RECEIPT_MISSING');
}

function provenBy({ item, receipt }: Evidence): Outcome {
  if (receipt === undefined) return unknown('RECEIPT_MISSING');
  if (receipt.verdict === 'verified') return passIf(canonicalText(item.dossier) === receipt.facts.response, 'RECEIPT_OTHER_RECORD');
  const outcomes = Object.values<Outcome>(receipt.report);
  return worstOf(outcomes.filter(({ result }) => result !== 'pass'), 'RECEIPT_MISSING');
}

/** A popular item is written out once, as long as the same answer is shown. */
const written = new WeakMap<Dossier, string>();

/** `undefined` for something that no contract could have answered, such as a lone surrogate. */
function canonicalText(dossier: Dossier): string | undefined {
  const known = written.get(dossier);
  if (known !== undefined) return known;
  try {
    const text = canonicalJson(dossier as unknown as Json);
    written.set(dossier, text);
    return text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
