/** Measures of paper and type, in millimetres from the page's top left corner. */

/** A typographic point. */
export const POINT = 25.4 / 72;

export const A4 = { width: 210, height: 297 } as const;

/** From baseline to baseline, in type sizes: a capital with two marks (`Ế`) clears the descenders above it. */
export const LEADING = 1.25;

/** From the top of a line to its baseline, in type sizes. */
export const ASCENT = 0.98;
