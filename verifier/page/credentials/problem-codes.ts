/**
 * What stands for `domain/errors.ts` in the script of the credential pages (`build-page.ts` puts it there): the same
 * refusals, without the hundreds of sentences, which are fetched when some are to be shown.
 */
import type { ProblemCode, ProblemFields } from '#domain/errors.js';

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly fields: ProblemFields;

  constructor(code: ProblemCode, fields: ProblemFields = {}) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.fields = fields;
  }
}

export function require(condition: boolean, code: ProblemCode, fields: ProblemFields = {}): asserts condition {
  if (!condition) throw new Problem(code, fields);
}

export function within(parent: string, problem: Problem): Problem {
  const own = problem.fields['field'];
  const joint = own === undefined || own === '' ? '' : own.startsWith('[') ? own : `.${own}`;
  return new Problem(problem.code, { ...problem.fields, field: `${parent}${joint}` });
}

const SENTENCES = new Map<string, string>();

/** A sentence that was fetched; before that, and for a code that the server does not know, the code itself. */
function sentenceOf(code: string): { readonly vi: string; readonly en: string } {
  const sentence = SENTENCES.get(code) ?? code;
  return { vi: sentence, en: sentence };
}

/** By code, as in the closed list; each in the one language of the page. */
export const PROBLEMS = /* @__PURE__ */ new Proxy<Readonly<Record<string, ReturnType<typeof sentenceOf>>>>({}, { get: (_, code) => sentenceOf(String(code)) });

/** @param sentences by code, of `/problem-words.json` */
export function learnSentences(sentences: unknown): void {
  if (typeof sentences !== 'object' || sentences === null) return;
  for (const [code, sentence] of Object.entries(sentences)) SENTENCES.set(code, String(sentence));
}
