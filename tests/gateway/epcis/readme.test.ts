import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { STEP_PATTERNS } from '#domain/epcis/step-table.js';
import { CAPTURE_LIMIT } from '../../../gateway/epcis/negotiation.js';
import { USUAL_LIMITS } from '../../../gateway/import/ports.js';

const read = (path: string): Promise<string> => readFile(path, 'utf8');

it('the table of operations is the one that the code goes by', async () => {
  const rows = (await read('gateway/epcis/README.md')).split('\n').filter((line) => line.startsWith('| `') && line.includes('Event'));
  const expected = Object.entries(STEP_PATTERNS).map(([step, { type, goods, action = '–', bizStep, disposition, capture }]) => (
    `| \`${step}\` | ${type}, ${goods} | ${action} | ${bizStep} | ${disposition} | ${capture} |`));
  expect(rows).toEqual(expected);
});

it('the limits are those of the code', async () => {
  expect(await read('gateway/epcis/README.md')).toContain(`up to ${CAPTURE_LIMIT} events`);
  const { bytes, rows, errors } = USUAL_LIMITS;
  expect(await read('gateway/import/README.md')).toContain(`Limits: ${bytes / 1024 / 1024} MB, ${rows.toLocaleString('en')} rows, 64 KB a row; ${errors.toLocaleString('en')} wrong rows`);
});
