import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GTIN, LOT } from '../goods-fixtures.js';
import { CASES, ORIGIN, openWindow } from './shop-window.js';

interface Link { readonly href: string; readonly title: string; readonly type?: string; readonly hreflang?: readonly string[] }
type Context = Readonly<Record<string, string | readonly Link[]>>;

const VOC = 'https://ref.gs1.org/voc/';

let app: FastifyInstance;
beforeAll(async () => { ({ app } = await openWindow()); });
afterAll(() => app.close());

async function linkset(url: string, headers: Record<string, string> = {}): Promise<{ contexts: Context[]; headers: Record<string, unknown> }> {
  const answer = await app.inject({ url, headers: { accept: 'application/linkset+json', ...headers } });
  expect(answer.statusCode).toBe(200);
  return { contexts: answer.json<{ linkset: Context[] }>().linkset, headers: answer.headers };
}

const linksOf = (context: Context, type: string): readonly Link[] => (context[VOC + type] ?? []) as readonly Link[];

/** The rules of GS1's published linkset schema. */
const LINK_RULES: Readonly<Record<string, (link: Link) => boolean>> = {
  target: ({ href }) => /^https?:\/\//.test(href),
  title: ({ title }) => title !== '',
  members: (link) => Object.keys(link).every((key) => ['href', 'title', 'type', 'hreflang'].includes(key)),
  language: ({ hreflang }) => hreflang?.every((tag) => /^\w{2}(-\w{2})?$/.test(tag)) ?? true,
  type: ({ type }) => type === undefined || /^\w+\/[-+.\w]+$/.test(type),
};

function faults(context: Context): string[] {
  const { anchor, itemDescription, ...relations } = context;
  const ofLinks = Object.entries(relations).flatMap(([relation, links]) => [
    ...(/^https?:\/\/[a-zA-Z0-9./]+$/.test(relation) ? [] : [relation]),
    ...(links as readonly Link[]).flatMap((link) => Object.entries(LINK_RULES).flatMap(([rule, holds]) => (holds(link) ? [] : [`${relation} ${rule}`]))),
  ]);
  return [
    ...(typeof anchor === 'string' && /^https?:\/\/[a-zA-Z0-9./]+/.test(anchor) ? [] : ['anchor']),
    ...(typeof itemDescription === 'string' ? [] : ['itemDescription']),
    ...ofLinks,
  ];
}

describe('linksets', () => {
  const known = (['registered', 'lot-registered', 'product-registered', 'unit-registered', 'recalled', 'not-on-sale', 'expired'] as const).map((name) => [name, CASES[name]] as const);

  test.each(known)('of %s are valid (R11, R13)', async (_, url) => {
    const { contexts } = await linkset(url);
    expect(contexts.length).toBeGreaterThan(0);
    expect(contexts.flatMap(faults)).toEqual([]);
  });

  test.each(known)('of %s have one default per entity, also under a descriptive type (R14, R15)', async (_, url) => {
    for (const context of (await linkset(url)).contexts) {
      const [first, ...more] = linksOf(context, 'defaultLink');
      expect(more).toEqual([]);
      expect(Object.keys(first!)).toEqual(['href', 'title']);
      const described = linksOf(context, 'pip').map(({ href }) => href);
      expect(described).toEqual(expect.arrayContaining([first!.href, ...linksOf(context, 'defaultLinkMulti').map(({ href }) => href)]));
    }
  });

  test('are the union of serial, lot and product, each under its own anchor (R17, R21)', async () => {
    const { contexts } = await linkset(CASES.registered);
    expect(contexts.map(({ anchor }) => anchor)).toEqual([`${ORIGIN}/01/${GTIN}/21/7QK2M9ZD4XWA`, `${ORIGIN}/01/${GTIN}/10/${LOT}`, `${ORIGIN}/01/${GTIN}`]);
  });

  test('of an unknown serial begin at its lot (R16, R20)', async () => {
    const { contexts } = await linkset(CASES['not-on-sale']);
    expect(contexts.map(({ anchor }) => anchor)).toEqual([`${ORIGIN}/01/${GTIN}/10/${LOT}`, `${ORIGIN}/01/${GTIN}`]);
  });

  test('of something recalled say so where it is recalled, and only there (R34)', async () => {
    const { contexts } = await linkset(CASES.recalled, { 'accept-language': 'en' });
    expect(contexts.map((context) => linksOf(context, 'recallStatus').length)).toEqual([1, 1, 0]);
    expect(linksOf(contexts[0]!, 'defaultLink')[0]!.title).toBe('RECALLED – do not use');
  });

  test('point at their context (R24) and vary by what is asked (R32)', async () => {
    const { headers } = await linkset(CASES.registered);
    expect(headers['link']).toContain(`<${ORIGIN}/linkset-context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`);
    expect(headers['vary']).toBe('Accept, Accept-Language, Accept-Encoding');
    expect((await app.inject('/linkset-context.jsonld')).json()).toHaveProperty('@context');
  });

  test('every page says where its linkset is (R23)', async () => {
    const { headers } = await app.inject({ url: CASES.registered, headers: { accept: 'text/html' } });
    expect(headers['link']).toContain(`<${ORIGIN}/01/${GTIN}/10/${LOT}/21/7QK2M9ZD4XWA?linkType=linkset>; rel="linkset"`);
  });

  test.each([[CASES['unknown-code'], 404, 'PRODUCT_UNKNOWN'], [CASES['not-kept'], 404, 'ITEM_KIND_NOT_KEPT']])('of %s there is none: %i', async (url, status, code) => {
    const answer = await app.inject({ url, headers: { accept: 'application/linkset+json' } });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(answer.json()).toMatchObject({ code });
  });
});

test('the description names what is really kept, on this origin (R27)', async () => {
  const answer = await app.inject('/.well-known/gs1resolver');
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.json()).toMatchObject({
    resolverRoot: ORIGIN, supportedPrimaryKeys: ['00', '01'], supportedLinkType: [{ namespace: 'https://ref.gs1.org/voc/', prefix: 'gs1:' }],
    linkTypeDefaultCanBeLinkset: false, jsonLdContextLocation: `${ORIGIN}/linkset-context.jsonld`,
  });
});
