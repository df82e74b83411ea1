/** Measures of type on labels. */

/** A typographic point in millimetres. */
export const POINT = 25.4 / 72;

/** From baseline to baseline, in type sizes: a capital with two marks (`Ế`) clears the descenders above it. */
export const LEADING = 1.2;

/** From the top of a line to its baseline, in type sizes. */
export const ASCENT = 0.95;

/** Height of a capital of Noto Sans, in type sizes. */
export const CAP_HEIGHT = 0.714;
