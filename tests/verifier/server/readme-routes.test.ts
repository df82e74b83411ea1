import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openCredentialWindow } from './credential-window.js';

/** `/c/{id}` in the README is `/c/:id` in the program. */
const spelt = (route: string): string => route.replaceAll(/\{([a-z]+)\}/g, ':$1');

test('the README lists every route, and no other', async () => {
  const section = readFileSync('verifier/README.md', 'utf8').split('\n## Routes\n')[1]?.split('\n## ')[0] ?? '';
  const listed = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, route = '']) => (route === '/{GS1 path}' ? '/*' : spelt(route)));
  const inbox = { file: async () => { throw new Error('nothing is filed here'); } };
  // Routes are added when the plugins before them are there.
  const fresh = await openCredentialWindow({ inbox, prefetched: false });
  const found = new Set<string>();
  fresh.app.addHook('onRoute', ({ url }) => { found.add(url); });
  await fresh.app.ready();
  expect([...found].sort()).toEqual([...new Set(listed)].sort());
  await fresh.app.close();
});
