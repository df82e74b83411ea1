/**
 * The judgement of a scan of goods: (link, register's answer, receipt, now) → a report in which every check has its
 * outcome. Pure: the server and the reader's browser come to the same, or one of them has been deceived.
 */
import { hasConsumerMinimum } from '#domain/goods/consumer-minimum.js';
import type { ProblemCode } from '#domain/errors.js';
import { type Outcome, PASS, fail, passIf, unknown } from '../report.js';
import { attributesAgree } from './attributes-check.js';
import { type Evidence, type GoodsQuestion, lotOf, productOf } from './evidence.js';
import { isFresh } from './freshness-check.js';
import { type GoodsReport, NOT_REACHED, every, none } from './goods-report.js';
import { expiryOf, holdOf, lifecycleOf, recallOf } from './goods-state-checks.js';
import { makerStands } from './maker-check.js';
import { receiptProves } from './receipt-check.js';

/**
 * Judges a scan.
 *
 * @param question a link that could be read, what the register answered, the verdict on its receipt, and the time
 * @returns every check with its outcome; codes of the sections "goods", "public scans" and "receipts" of the list
 */
export function judgeGoods(question: GoodsQuestion): GoodsReport {
  const { scanned, answer } = question;
  if (scanned.level === 'not-kept') return notKept();
  if (answer === 'unreachable' || answer.item.dossier.item !== scanned.key) return unreachable();
  const freshness = isFresh(question);
  const registered = isRegistered(question, answer, freshness);
  return {
    'link-syntax': PASS,
    registered,
    'company-prefix': whereRegistered(registered, () => makerStands(answer.item.dossier)),
    attributes: attributesAgree(question, registered),
    lifecycle: whereRegistered(registered, () => lifecycleOf(answer.item.dossier)),
    recall: recallOf(question, registered),
    hold: holdOf(question, registered),
    expiry: expiryOf(question, registered),
    information: whereRegistered(registered, () => isComplete(question)),
    'ledger-receipt': receiptProves(question),
    freshness,
  };
}

/**
 * The report on a code that is not written as GS1 says.
 *
 * @param code of the parser, e.g. `GTIN_CHECK_DIGIT_WRONG`
 */
export function judgeUnreadable(code: ProblemCode): GoodsReport {
  return { ...every(NOT_REACHED), 'link-syntax': fail(code) };
}

function notKept(): GoodsReport {
  return { ...every(none('not-registered')), 'link-syntax': PASS, registered: fail('ITEM_KIND_NOT_KEPT') };
}

function unreachable(): GoodsReport {
  return { ...every(NOT_REACHED), 'link-syntax': PASS, registered: unknown('LEDGER_UNREACHABLE') };
}

/** A check that means nothing for what the register does not know, and is not reached where that is not known. */
function whereRegistered(registered: Outcome, check: () => Outcome): Outcome {
  if (registered.result === 'pass') return check();
  return registered.result === 'fail' ? none('not-registered') : NOT_REACHED;
}

/** Absence is only said from a fresh copy: an old one cannot know what was registered since. */
function isRegistered(question: GoodsQuestion, answer: Evidence, freshness: Outcome): Outcome {
  const found = lookUp(question, answer);
  return found.result === 'fail' && freshness.result !== 'pass' ? unknown('READ_MODEL_STALE') : found;
}

function lookUp(question: GoodsQuestion, { item: { dossier } }: Evidence): Outcome {
  const { level } = question.scanned;
  if (level === 'unit') return passIf(dossier.unit !== undefined, 'ITEM_UNKNOWN');
  if (dossier.product === undefined) return fail('PRODUCT_UNKNOWN');
  if (level === 'lot') return passIf(dossier.lot !== undefined, 'LOT_UNKNOWN');
  if (level === 'foreign-serial') return fail('ITEM_UNKNOWN');
  return level === 'serial' && dossier.serial === undefined ? unknownSerial(question) : PASS;
}

/**
 * A label that was printed and not yet put on goods is not on the ledger at all. So an unknown serial of a product
 * that exists is one that the maker has not declared, provided that the lot beside it exists.
 */
function unknownSerial(question: GoodsQuestion): Outcome {
  if (question.scanned.lotKey === undefined) return fail('ITEM_NOT_ON_SALE');
  const { lotAnswer } = question;
  if (lotAnswer === undefined || lotAnswer === 'unreachable') return unknown('LEDGER_UNREACHABLE');
  return fail(lotOf(question) === undefined ? 'LOT_UNKNOWN' : 'ITEM_NOT_ON_SALE');
}

function isComplete(question: GoodsQuestion): Outcome {
  const product = productOf(question);
  if (product === undefined) return none('unit-has-no-product');
  return passIf(hasConsumerMinimum(product), 'PRODUCT_INFORMATION_INCOMPLETE');
}
