import { webcrypto } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CredentialMemory } from '../../../verifier/core/credential/credential-memory.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import { webCrypto } from '../../../verifier/core/web-crypto.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { ALGORITHMS, questionOf, SAMPLES, sceneOf } from '../../support/credential-maker.js';
import type { CredentialType } from '#domain/credential/credential-type.js';
import { badCredentials, CORPUS } from './corpus.js';
import { goodReport } from './corpus-row.js';

const bad = badCredentials();
const node = nodeCrypto();
const web = webCrypto(webcrypto.subtle as never);
/** Shared by all, as on a server: what one leaves there must not help another. */
const memory = new CredentialMemory();

describe('a good credential', () => {
  const kinds = (Object.keys(SAMPLES) as CredentialType[]).flatMap((type) => ALGORITHMS.map((algorithm) => [type, algorithm] as const));

  test.each(kinds)('%s, %s, passes every check', async (type, algorithm) => {
    const verdict = await judgeCredential(questionOf(sceneOf(algorithm, { type })), node, memory);
    expect(verdict.report).toEqual(goodReport(type));
    expect(verdict).toMatchObject({ verdict: 'verified', facts: { algorithm, claims: SAMPLES[type] }, standing: { chain: [`quyen-${type}`], committedAt: '2026-11-20T08:30:02.000Z' } });
  });
});

describe('every bad credential gets its own report', () => {
  test.each(bad.map((one) => [one.name, one] as const))('%s', async (_, { row, scene }) => {
    const question = questionOf(scene);
    const verdict = await judgeCredential(question, node, memory);
    expect(verdict.report).toEqual(row.report);
    expect(verdict.verdict).not.toBe('verified');
    expect('facts' in verdict).toBe(row.report.signature.result === 'pass');
    const text = JSON.stringify(verdict);
    expect(JSON.stringify(await judgeCredential(question, web)), 'WebCrypto').toBe(text);
    expect(JSON.stringify(await judgeCredential(question, node)), 'without a memory').toBe(text);
    expect(JSON.stringify(await judgeCredential(question, node, memory)), 'a second time').toBe(text);
  });
});

test('there are at least five hundred, no two of one name, and most codes are among them', () => {
  expect(bad.length).toBeGreaterThanOrEqual(500);
  expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
  const codes = new Set(CORPUS.flatMap(({ report }) => Object.values(report).flatMap((outcome) => ('code' in outcome ? [outcome.code] : []))));
  expect(codes.size).toBeGreaterThan(80);
});
