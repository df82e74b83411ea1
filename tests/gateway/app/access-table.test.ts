import { readFile } from 'node:fs/promises';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { guardRoutes, type Access } from '../../../gateway/access.js';
import { SETTINGS } from '../../../gateway/config.js';
import { SCOPES } from '../../../gateway/tenants/scopes.js';
import { runGateway, type RunningGateway } from './running-gateway.js';

const README = await readFile(new URL('../../../gateway/README.md', import.meta.url), 'utf8');

/** The rows of the table under a heading, cells trimmed of spaces and backquotes. */
function tableUnder(heading: string): string[][] {
  const section = README.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|')).slice(2);
  return rows.map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')));
}

const sorted = (rows: readonly (readonly string[])[]): string[] => rows.map((row) => row.join(' | ')).sort();

describe('the table of routes', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterAll(async () => gateway.remove());

  it('in the README is the one of the program', () => {
    const routes = gateway.app.routeAccess.filter(({ url }) => !url.startsWith('/docs/'));
    const rows = routes.map(({ method, url, access, scope }) => [method, url, access, scope]);
    expect(sorted(tableUnder('Routes'))).toEqual(sorted(rows));
  });
});

describe('a route', () => {
  const start = async (config: { access?: Access; scope?: 'goods:read' }): Promise<void> => {
    const app = Fastify();
    guardRoutes(app, { authenticate: () => { throw new Problem('API_KEY_MISSING'); } });
    app.route({ method: 'GET', url: '/x', config, handler: async () => ({}) });
    await app.ready();
    await app.close();
  };

  it('without access does not start', async () => {
    await expect(start({})).rejects.toThrow('route GET /x states no access');
  });

  it('for partners without a scope does not start', async () => {
    await expect(start({ access: 'partner' })).rejects.toThrow('route GET /x states no scope');
    await expect(start({ access: 'operator' })).rejects.toThrow('route GET /x states no scope');
  });

  it('with both starts', async () => {
    await expect(start({ access: 'partner', scope: 'goods:read' })).resolves.toBeUndefined();
    await expect(start({ access: 'public' })).resolves.toBeUndefined();
  });
});

describe('the other tables of the README', () => {
  it('settings', () => {
    expect(tableUnder('Settings')).toEqual(Object.entries(SETTINGS).map(([name, { fallback, meaning }]) => [name, fallback, meaning]));
  });

  it('scopes', () => {
    expect(tableUnder('Scopes')).toEqual(Object.entries(SCOPES).map(([name, meaning]) => [name, meaning]));
  });
});
