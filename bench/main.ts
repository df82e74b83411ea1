/** `npm run bench` runs every part; `npm run bench -- links labels` only those named. Prints a table to keep in RESULTS.md. */
import { cpus } from 'node:os';
import type { Bench, BenchRow } from './bench-row.js';

const PARTS: Readonly<Record<string, () => Promise<Bench>>> = {
  links: async () => (await import('./digital-link.js')).bench,
  labels: async () => (await import('./labels.js')).bench,
  credentials: async () => (await import('./credentials.js')).bench,
  'credential-page': async () => (await import('./credential-page.js')).bench,
  issuing: async () => (await import('./issuing.js')).bench,
  transactions: async () => (await import('./transactions.js')).bench,
  load: async () => (await import('./load.js')).bench,
  fabric: async () => (await import('./fabric.js')).bench,
  controlled: async () => (await import('./controlled.js')).bench,
};

function table(part: string, rows: readonly BenchRow[]): string {
  const lines = rows.map((row) => `| ${row.name} | ${format(row.value)} | ${row.unit} |`);
  return [`## ${part}`, '', '| what | value | unit |', '|---|---:|---|', ...lines, ''].join('\n');
}

function format(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}

const wanted = process.argv.slice(2);
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}\n`);
for (const part of wanted.length === 0 ? Object.keys(PARTS) : wanted) {
  const open = PARTS[part];
  if (open === undefined) throw new Error(`no part ${part}; there are ${Object.keys(PARTS).join(', ')}`);
  console.log(table(part, await (await open())()));
}
