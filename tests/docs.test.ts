import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROBLEMS } from '#domain/errors.js';
import { TRANSACTIONS } from '#domain/transactions.js';

const read = (path: string): string => readFileSync(path, 'utf8');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\n').filter((path) => path !== '' && existsSync(path));
const pages = files.filter((path) => path.endsWith('.md'));

/** Rows of the first table in a page whose first cell matches, cell by cell, code marks removed. */
function rows(page: string, first: RegExp): string[][] {
  return read(page).split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')))
    .filter(([cell]) => first.test(cell ?? ''));
}

test('docs/errors.md is the closed list (vitest -u writes it anew)', async () => {
  const table = Object.entries(PROBLEMS).map(([code, one]) => `| \`${code}\` | ${one.kind} | ${one.vi} | ${one.en} |`);
  const page = ['# Refusals', '', 'Every code that a program of this project refuses with. The list is in `domain/problems/`; this page is written from it.', '', '| code | kind | Vietnamese | English |', '|---|---|---|---|', ...table, ''].join('\n');
  await expect(page).toMatchFileSnapshot('../docs/errors.md');
});

test('chaincode/README.md lists every transaction with its roles', () => {
  const documented = Object.fromEntries(rows('chaincode/README.md', /^[a-z]+:[A-Za-z]+$/).map(([name, kind, roles]) => [name, { writes: kind === 'write', roles }]));
  const actual = Object.fromEntries(Object.entries(TRANSACTIONS).map(([name, rule]) => [name, { writes: rule.writes, roles: rule.writes ? rule.roles.join(', ') : 'any' }]));
  expect(documented).toEqual(actual);
});

describe('commands', () => {
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);
  const builtIn = new Set(['ci', 'install', 'i']);

  for (const page of pages) {
    test(`npm commands in ${page} exist`, () => {
      const named = [...read(page).matchAll(/\bnpm (?:run )?(?:--[a-z]+ )?([a-z][a-z0-9:-]*)/g)].map(([, name]) => name ?? '');
      expect(named.filter((name) => !scripts.includes(name) && !builtIn.has(name))).toEqual([]);
    });
  }
});

describe('links', () => {
  for (const page of pages) {
    test(`files that ${page} points at exist`, () => {
      const folder = page.includes('/') ? page.slice(0, page.lastIndexOf('/')) : '.';
      const targets = [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(([, target]) => `${folder}/${target}`);
      expect(targets.filter((target) => !existsSync(target))).toEqual([]);
    });
  }
});

test('every folder of code has a README', () => {
  const folders = [...new Set(files.filter((path) => path.endsWith('.ts') && path.includes('/')).map((path) => path.split('/')[0] ?? ''))].filter((folder) => folder !== 'bench');
  expect(folders.filter((folder) => !existsSync(`${folder}/README.md`))).toEqual([]);
});
