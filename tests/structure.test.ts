import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\n').filter((path) => path !== '' && existsSync(path));
const sources = files.filter((path) => path.endsWith('.ts'));
const read = (path: string): string => readFileSync(path, 'utf8');

describe('names', () => {
  test('no file is called after what it is not', () => {
    expect(files.filter((path) => /(^|\/)(utils?|helpers?|common|types|misc|shared)\.[a-z]+$/.test(path))).toEqual([]);
  });
});

describe('the pure centre', () => {
  const pure = sources.filter((path) => /^(domain|chaincode|verifier\/core)\//.test(path));

  test('there is one to look at', () => expect(pure.length).toBeGreaterThan(50));

  test.each(['Date', 'Math.random', 'performance', 'setTimeout', 'process.', 'localeCompare', 'Intl.', 'toLocale'])('no %s', (word) => {
    const pattern = new RegExp(`(?<![\\w.'"])${word.replaceAll('.', '\\.')}(?![\\w'"])`);
    expect(pure.filter((path) => pattern.test(withoutComments(read(path))))).toEqual([]);
  });
});

describe('settings', () => {
  test('the environment is read where programs start, and in tests', () => {
    const readers = sources.filter((path) => !path.startsWith('tests/') && !path.startsWith('bench/') && withoutComments(read(path)).includes('process.env'));
    expect(readers.filter((path) => path !== 'main.ts' && !path.endsWith('-command.ts') && !path.endsWith('/main.ts'))).toEqual([]);
  });
});

describe('nothing left behind', () => {
  test.each([
    ['a note to finish later', /\b(TODO|FIXME|XXX|HACK)\b/],
    ['a test switched off or alone', /\b(?:test|it|describe)\.(only|todo)\(/],
    ['a type given up', /:\s*any\b|\bas any\b|@ts-(ignore|nocheck|expect-error)/],
  ])('%s', (name, pattern) => {
    expect(sources.filter((path) => path !== 'tests/structure.test.ts' && pattern.test(name === 'a type given up' ? withoutComments(read(path)) : read(path)))).toEqual([]);
  });

  test('no key, no data', () => {
    expect(files.filter((path) => /\.(pem|key|p12|ldb)$|(^|\/)data\//.test(path))).toEqual([]);
    expect(sources.filter((path) => /-----BEGIN (EC |RSA )?PRIVATE KEY-----\n/.test(read(path)))).toEqual([]);
  });
});

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}
