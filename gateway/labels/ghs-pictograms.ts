/**
 * The nine GHS pictograms (UN GHS, annex 1 and 1.4.10.4: black symbol on white, red frame standing on its point),
 * drawn here from plain shapes. Units: the diagonal is 100, the centre is (0, 0), y grows downwards.
 */
import type { GhsPictogram } from './label-job.js';
import { circle, pathOperators, star } from './path-operators.js';

/** A closed path in SVG's absolute letters M L H V C Z, filled; or stroked with `pen` units. */
interface Shape {
  readonly path: string;
  readonly white?: true;
  readonly pen?: number;
  /** `a b c d e f` of a transformation. */
  readonly turned?: string;
}

const FLAME = 'M-14 18 C-24 7 -21 -6 -13 -13 C-13.5 -6 -11 -2 -7 -1 C-11 -14 -4 -25 5 -33 C3.5 -25 6 -19 10 -13 C11.5 -16 11.5 -19 10.5 -23 C20 -12 24 4 14 18 Z';
const TONGUE = 'M-5.5 18 C-12 11 -9 4 -3 -3 C-3.5 2 -1.5 5 1 6 C2.5 2 2.5 -2 1.5 -6 C9 1 12 11 6 18 Z';
const TUBE = 'M-12 -3.4 H9 C13.5 -3.4 13.5 3.4 9 3.4 H-12 V4.6 H-14 V-4.6 H-12 Z';
const TUBE_INSIDE = 'M-11 -1.6 H3 L-1 1.6 H-11 Z';
const DROP = 'M0 -4.2 C1 -2 2.3 -0.8 2.3 0.8 C2.3 3.8 -2.3 3.8 -2.3 0.8 C-2.3 -0.8 -1 -2 0 -4.2 Z';

const at = (x: number, y: number, scale = 1): string => `${scale} 0 0 ${scale} ${x} ${y}`;

function rotated(degrees: number, x: number, y: number, [across, down] = [1, 1]): string {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  return [cos * across, sin * across, -sin * down, cos * down, x, y].map((value) => value.toFixed(4)).join(' ');
}

const SKULL = at(0, -1, 0.9);
const CYLINDER = rotated(-24, 1.5, -0.5, [1.02, 1.15]);
const LEFT_TUBE = rotated(-25, -9.8, -20.5, [0.88, 0.88]);
const RIGHT_TUBE = rotated(25, 12.5, -17, [-0.88, 0.88]);
const corrosiveDrops = (x: number): Shape[] => [-9, 0].map((y) => ({ path: DROP, turned: at(x, y) }));

const SYMBOLS: Readonly<Record<GhsPictogram, readonly Shape[]>> = {
  // Exploding bomb.
  GHS01: [
    { path: circle(-2, 10, 14) },
    { path: 'M-17 4 L-11 8 L-9 3 L-4 9 L0 4 L4 9 L8 4 L10 9 L14 5 L12 -6 L-14 -6 Z', white: true },
    { path: 'M-13 2 L-12 -4 L-7 -1 L-8 3 Z M-5 0 L-2 -6 L4 -3 L1 3 Z M6 1 L10 -4 L14 0 L10 4 Z M16 8 L21 6 L22 11 L17 12 Z M-20 7 L-24 4 L-25 9 L-20 11 Z' },
    { path: 'M-36 3 L-19 2 L-18 -2 Z M-28 -13 L-15 -5 L-12 -8 Z M-14 -28 L-9.5 -9 L-5.5 -10 Z M2 -36 L-1.5 -10 L3.5 -10 Z M18 -25 L7 -9 L10.5 -6 Z M30 -11 L14 -4 L15.5 -0.5 Z M37 3 L19 0 L18.5 3.5 Z' },
  ],
  // Flame.
  GHS02: [{ path: FLAME }, { path: TONGUE, white: true }, { path: 'M-17 21.5 H17 V25.5 H-17 Z' }],
  // Flame over circle.
  GHS03: [
    { path: circle(0, 12.5, 10), pen: 4.6 },
    { path: FLAME, turned: at(0, -12.5, 0.72) }, { path: TONGUE, turned: at(0, -12.5, 0.72), white: true },
    { path: 'M-11.5 27 H11.5 V30.5 H-11.5 Z' },
  ],
  // Gas cylinder.
  GHS04: [
    { path: 'M-23 -7.5 H10 C15 -7.5 17 -4 20 -3.2 V-5 H27 V5 H20 V3.2 C17 4 15 7.5 10 7.5 H-23 C-31 7.5 -31 -7.5 -23 -7.5 Z', turned: CYLINDER },
    { path: 'M-21 -4 H9 V-2.4 H-21 Z', white: true, turned: CYLINDER },
  ],
  // Corrosion: on metal to the left, on a hand to the right.
  GHS05: [
    { path: TUBE, turned: LEFT_TUBE }, { path: TUBE_INSIDE, turned: LEFT_TUBE, white: true },
    { path: TUBE, turned: RIGHT_TUBE }, { path: TUBE_INSIDE, turned: RIGHT_TUBE, white: true },
    ...corrosiveDrops(-20.3), ...corrosiveDrops(23),
    { path: 'M-31 6 H-24.8 C-24.3 11 -16.3 11 -15.8 6 H-4 V11 H-31 Z' },
    { path: 'M-27 13.5 H-4 V15.5 H-27 Z' },
    { path: 'M2 13 C6 8 11 6.2 17.5 6.5 C18.5 11 27 11 28 7 L30.6 7.2 C33.3 7.5 33.2 10.2 30.6 10.4 L26 11.4 L26.8 12 C29.2 13 28.2 15.4 25.8 15 L22 14.6 L23.5 15.8 C25.5 17.4 23.6 19.4 21.5 18.6 L17.5 17.4 L18.4 19.2 C19.4 21.6 17 22.6 15.2 20.8 C12 18 8 21 2 22.5 Z' },
  ],
  // Skull and crossbones.
  GHS06: [
    { path: 'M-25 7 L19 23 M25 7 L-19 23', pen: 5, turned: SKULL },
    { path: `${circle(-26.5, 4.2, 3.3)} ${circle(-28, 8.8, 3.3)} ${circle(26.5, 4.2, 3.3)} ${circle(28, 8.8, 3.3)} ${circle(20.5, 20.6, 3.1)} ${circle(18.2, 25.2, 3.1)} ${circle(-20.5, 20.6, 3.1)} ${circle(-18.2, 25.2, 3.1)}`, turned: SKULL },
    { path: 'M-17 -14 C-17 -37 17 -37 17 -14 C17 -7 14 -4.5 11.5 -3 L10.5 8 H-10.5 L-11.5 -3 C-14 -4.5 -17 -7 -17 -14 Z', pen: 4, white: true, turned: SKULL },
    { path: 'M-17 -14 C-17 -37 17 -37 17 -14 C17 -7 14 -4.5 11.5 -3 L10.5 8 H-10.5 L-11.5 -3 C-14 -4.5 -17 -7 -17 -14 Z', turned: SKULL },
    { path: `${circle(-7.2, -11.5, 4.8)} ${circle(7.2, -11.5, 4.8)} M0 -6.5 L3.2 -0.5 H-3.2 Z M-6.2 2.2 H-4.8 V8 H-6.2 Z M-0.7 2.2 H0.7 V8 H-0.7 Z M4.8 2.2 H6.2 V8 H4.8 Z`, white: true, turned: SKULL },
  ],
  // Exclamation mark.
  GHS07: [{ path: 'M-7 -25 C-7 -32 7 -32 7 -25 L4 7 C3.5 11 -3.5 11 -4 7 Z' }, { path: circle(0, 20.5, 6) }],
  // Health hazard: a star bursting in the chest.
  GHS08: [
    { path: 'M0 -35 C9 -35 9 -20 4.5 -17.5 L5 -13.5 C16 -11.5 20.5 -8 21.5 2 L22.5 20 H-22.5 L-21.5 2 C-20.5 -8 -16 -11.5 -5 -13.5 L-4.5 -17.5 C-9 -20 -9 -35 0 -35 Z' },
    { path: star(0, 3, 16, 4.2, 6), white: true },
  ],
  // Environment: a bare tree and a fish on its back.
  GHS09: [
    { path: 'M-14 8 C-12.5 -2 -12.5 -14 -13 -26 M-12.8 -6 L-22 -15 M-13 -13 L-4 -22 M-12.5 0 L-1 -9 M-19 -12 L-20 -20 M-8.5 -17.5 L-8.5 -25 M-6 -5 L-5 -12', pen: 2.6 },
    { path: 'M-34 7 H-5 C-9 11 -6 13 -11 16 C-15 18 -13 22 -19 23 C-23 19 -29 13 -34 7 Z' },
    { path: 'M4 13 C11 3.5 23 3.5 31 11 C24 20 11 22 4 13 Z' }, { path: 'M8 13 L-2 6.5 L0.5 13.2 L-2 20.5 Z' }, { path: 'M13 8 L17.5 1 L22 7 Z' },
    { path: `${circle(24.5, 11.5, 1.7)} M18.5 8 C16.5 11 16.5 14 18.5 16.5 L17.4 16.8 C15 14 15 10.5 17.4 7.6 Z`, white: true },
  ],
};

const FRAME = `0.83 0.04 0.06 rg\n${pathOperators('M0 -50 L50 0 L0 50 L-50 0 Z')} f\n1 g\n${pathOperators('M0 -44 L44 0 L0 44 L-44 0 Z')} f`;

/** PDF operators of each pictogram with its frame, in the units above; they leave ink and pen as they set them. */
export const GHS_DRAWINGS = Object.fromEntries(
  Object.entries(SYMBOLS).map(([name, shapes]) => [name, `${FRAME}\n${shapes.map(shapeOperators).join('\n')}`]),
) as Readonly<Record<GhsPictogram, string>>;

function shapeOperators({ path, white, pen, turned }: Shape): string {
  const grey = white === true ? '1' : '0';
  const paint = pen === undefined ? `${grey} g ${pathOperators(path)} f` : `${grey} G ${pen} w 1 J 1 j ${pathOperators(path)} S`;
  return turned === undefined ? paint : `q ${turned} cm ${paint} Q`;
}
