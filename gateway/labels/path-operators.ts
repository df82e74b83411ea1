/** Paths as short texts in SVG's absolute letters, and the PDF operators that draw them (ISO 32000-1, 8.5.2). */

const STEP = /([MLHVCZ])([^MLHVCZ]*)/g;

/**
 * @param path e.g. `M0 0 H10 V10 Z`; letters M L H V C Z
 * @returns e.g. `0 0 m 10 0 l 10 10 l h`
 */
export function pathOperators(path: string): string {
  const out: string[] = [];
  let [x, y] = [0, 0];
  for (const [, letter = '', rest = ''] of path.matchAll(STEP)) {
    const numbers = rest.trim().split(/[\s,]+/).filter((text) => text !== '').map(Number);
    if (letter === 'H') numbers.push(y);
    if (letter === 'V') numbers.unshift(x);
    [x = x, y = y] = numbers.slice(-2);
    out.push(letter === 'Z' ? 'h' : `${numbers.join(' ')} ${operatorOf(letter)}`);
  }
  return out.join(' ');
}

function operatorOf(letter: string): string {
  if (letter === 'M') return 'm';
  return letter === 'C' ? 'c' : 'l';
}

/** Where a Bézier curve's handles stand for a quarter of a unit circle. */
const HANDLE = 0.5523;

/** A circle as a path. */
export function circle(x: number, y: number, radius: number): string {
  const k = radius * HANDLE;
  return `M${x + radius} ${y} C${x + radius} ${y + k} ${x + k} ${y + radius} ${x} ${y + radius} `
    + `C${x - k} ${y + radius} ${x - radius} ${y + k} ${x - radius} ${y} C${x - radius} ${y - k} ${x - k} ${y - radius} ${x} ${y - radius} `
    + `C${x + k} ${y - radius} ${x + radius} ${y - k} ${x + radius} ${y} Z`;
}

/** A star of `points` rays from `inner` to `outer` radius, its first ray pointing up. */
export function star(x: number, y: number, outer: number, inner: number, points: number): string {
  const corners = Array.from({ length: points * 2 }, (_, at) => {
    const radius = at % 2 === 0 ? outer : inner;
    const angle = (at / points) * Math.PI - Math.PI / 2;
    return `${(x + radius * Math.cos(angle)).toFixed(2)} ${(y + radius * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${corners.join(' L')} Z`;
}
