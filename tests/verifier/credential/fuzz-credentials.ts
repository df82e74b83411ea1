/** `fuzz-credentials <count> [seed]`: judges that many broken credentials and says what became of them. A fault ends with its text. */
import { fuzzCredentials } from './credential-fuzzer.js';

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32));
console.log(`seed ${seed}`);
const { texts, unchanged, refused, slowest } = await fuzzCredentials(count, seed);
console.log(`${texts} texts: none accepted but ${unchanged} that say what a good one says; the slowest took ${slowest.ms.toFixed(2)} ms`);
for (const [fault, times] of [...refused].sort(([, a], [, b]) => b - a)) console.log(`${String(times).padStart(9)}  ${fault}`);
