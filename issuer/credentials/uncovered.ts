/** Which province or substance of a credential a grant does not cover: said where the rule only says that one is not. */
import type { ProblemFields } from '#domain/errors.js';
import type { SubstanceId } from '#domain/chemistry/substances.js';
import type { SubjectClaims } from '#domain/credential/claims.js';
import type { TrustAnswer, TrustQuestion } from '#domain/trust/authorise.js';

type Scope = TrustQuestion['scope'];

interface Part {
  readonly province?: string;
  readonly substance?: SubstanceId;
  readonly fields: ProblemFields;
}

/**
 * The first thing in the claims with which, beside everything before it, the answer becomes that the scope is too narrow.
 *
 * @param answer to the whole of the claims; any other refusal than GRANT_SCOPE_NARROWER is about no part of them
 * @param ask the same question about less of them
 * @returns e.g. `{ field: 'lines[1].substance', line: 'L2', substance: 'toluene' }`, `{ field: 'institution.province',
 *   province: '79' }`; nothing for any other answer
 */
export function uncovered(claims: SubjectClaims[keyof SubjectClaims], answer: TrustAnswer, ask: (scope: Scope) => TrustAnswer): ProblemFields {
  let scope: Scope = { provinces: [], substances: [] };
  if (answer.code !== 'GRANT_SCOPE_NARROWER') return {};
  for (const { province, substance, fields } of partsOf(claims)) {
    scope = { provinces: [...scope.provinces, ...(province === undefined ? [] : [province])], substances: [...scope.substances, ...(substance === undefined ? [] : [substance])] };
    if (ask(scope).code === 'GRANT_SCOPE_NARROWER') return fields;
  }
  return {};
}

function partsOf(claims: SubjectClaims[keyof SubjectClaims]): readonly Part[] {
  if ('institution' in claims) return [provincePart('institution.province', claims.institution.province)];
  if ('enterpriseNumber' in claims) return [provincePart('province', claims.province)];
  return claims.lines.flatMap(({ line, substance, site }, index): Part[] => [
    { substance, fields: { field: `lines[${index}].substance`, line, substance } },
    provincePart(`lines[${index}].site.province`, site.province, { line }),
  ]);
}

function provincePart(field: string, province: string, more: ProblemFields = {}): Part {
  return { province, fields: { field, ...more, province } };
}
