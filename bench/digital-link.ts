/** How many Digital Links are read and checked in a second, beside the validator inside bwip-js, in one run. */
import { parseDigitalLink } from '#domain/gs1/digital-link.js';
import { linkFault } from '../tests/domain/gs1/bwip-validator.js';
import type { Bench } from './bench-row.js';

const LINKS: readonly { readonly name: string; readonly uri: string }[] = [
  { name: 'product', uri: 'https://id.example/01/09520000000011' },
  { name: 'lot and serial', uri: 'https://id.example/01/09520000000011/10/LO26-001/21/7QK2M9ZD4XWA' },
  { name: 'lot, serial and expiry', uri: 'https://id.example/01/09520000000011/10/LO26-001/21/7QK2M9ZD4XWA?17=271231' },
  { name: 'logistic unit', uri: 'https://id.example/00/395200000000000012' },
];

const OUR_ROUNDS = 200_000;
/** Their reading is a thousand times slower. */
const THEIR_ROUNDS = 1_000;

/** Reads each link over and over: rows for us, for bwip-js, and how many times faster we are. */
export const bench: Bench = async () => LINKS.flatMap(({ name, uri }) => {
  const ours = perSecond(OUR_ROUNDS, () => parseDigitalLink(uri));
  const theirs = perSecond(THEIR_ROUNDS, () => linkFault(uri));
  return [
    { name: `${name}: ours`, value: Math.round(ours), unit: 'links/s' },
    { name: `${name}: bwip-js`, value: Math.round(theirs), unit: 'links/s' },
    { name: `${name}: ratio`, value: Math.round(ours / theirs), unit: '×' },
  ];
});

/** The median of five runs, after one to warm up. */
function perSecond(rounds: number, read: () => unknown): number {
  const runs = Array.from({ length: 6 }, () => {
    const start = performance.now();
    for (let each = 0; each < rounds; each++) read();
    return (rounds / (performance.now() - start)) * 1_000;
  });
  return runs.slice(1).sort((a, b) => a - b)[2] ?? 0;
}
