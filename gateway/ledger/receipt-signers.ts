/** Whose peers are to sign a receipt: as many organisations as needed, not one more, those first that can be asked best. */

/** All sets of organisations to try are few where three to five of them run peers. */
const MOST_TRIES = 6;

/**
 * @param organisations in the order in which their peers are asked, e.g. `['RegulatorMSP', 'IndustryMSP', 'EducationMSP']`;
 *   one may stand there as often as it has peers
 * @param count how many must sign, e.g. 2
 * @returns e.g. `[[Regulator, Industry], [Regulator, Education], [Industry, Education]]`; all there are, if they are fewer
 */
export function signerSets(organisations: readonly string[], count: number): readonly (readonly string[])[] {
  const different = [...new Set(organisations)];
  return different.length <= count ? [different] : choices(different, count).slice(0, MOST_TRIES);
}

/** Sets of `count`, in the order of their members. */
function choices(from: readonly string[], count: number): string[][] {
  if (count === 0) return [[]];
  return from.flatMap((one, index) => choices(from.slice(index + 1), count - 1).map((rest) => [one, ...rest]));
}
