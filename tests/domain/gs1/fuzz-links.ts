/** `fuzz-links <count> [seed]`: reads that many broken links and says what became of them. A fault ends with its link. */
import { fuzzLinks } from './link-fuzzer.js';

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32));
console.log(`seed ${seed}`);
const { links, read, refused, slowest } = fuzzLinks(count, seed);
console.log(`${links} links: ${read} read, ${links - read} refused; the slowest took ${slowest.ms.toFixed(2)} ms`);
for (const [code, times] of [...refused].sort(([, a], [, b]) => b - a)) console.log(`${String(times).padStart(9)}  ${code}`);
