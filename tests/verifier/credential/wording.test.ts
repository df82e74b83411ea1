import { describe, expect, test } from 'vitest';
import { CREDENTIAL_TYPE_NAMES } from '#domain/credential/credential-type.js';
import { PROBLEMS, type ProblemCode } from '#domain/errors.js';
import { instantOf } from '#domain/instant.js';
import { CREDENTIAL_TONES, credentialBand, type CredentialState } from '../../../verifier/core/credential/band.js';
import { credentialBandFacts, credentialBandText, type CredentialBandFacts } from '../../../verifier/core/credential/band-wording.js';
import { credentialCheckName, credentialOutcomeText } from '../../../verifier/core/credential/check-wording.js';
import { CREDENTIAL_CHECKS, CREDENTIAL_REASONS } from '../../../verifier/core/credential/credential-report.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import type { Language } from '../../../verifier/core/goods/language.js';
import type { Outcome } from '../../../verifier/core/report.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { questionOf, sceneOf } from '../../support/credential-maker.js';
import { CORPUS } from './corpus.js';
import { goodReport } from './corpus-row.js';

const LANGUAGES: readonly Language[] = ['vi', 'en'];
const STATES = Object.keys(CREDENTIAL_TONES) as CredentialState[];
const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const OUTCOMES: readonly Outcome[] = [
  { result: 'pass' },
  ...CREDENTIAL_REASONS.map((reason): Outcome => ({ result: 'not-applicable', reason })),
  ...CODES.flatMap((code): Outcome[] => [{ result: 'fail', code }, { result: 'unknown', code }]),
];
const FACTS: readonly CredentialBandFacts[] = [
  {},
  ...CREDENTIAL_TYPE_NAMES.map((type) => ({ type, expires: instantOf(1_795_163_400_000), notBefore: instantOf(1_795_163_400_000), asOf: instantOf(1_795_163_400_000) })),
];

/** What no sentence may claim: neither that a thing is real nor that it is not (design.md D11), nor who stands there. */
const FORBIDDEN = /hàng thật|bằng thật|bằng giả|giả mạo|chính chủ|genuine|authentic|\bfake\b|forged|counterfeit|belongs to the person/i;

describe('wording', () => {
  test.each(CREDENTIAL_CHECKS)('%s has a sentence for every outcome in both languages', (check) => {
    for (const outcome of OUTCOMES) {
      const [vi, en] = LANGUAGES.map((language) => credentialOutcomeText(check, outcome, language));
      expect(vi, JSON.stringify(outcome)).toMatch(/\S.*\.$/s);
      expect(en, JSON.stringify(outcome)).toMatch(/\S.*\.$/s);
      expect(vi).not.toBe(en);
    }
    expect(credentialCheckName(check, 'vi')).not.toBe(credentialCheckName(check, 'en'));
  });

  test.each(STATES)('%s says in both languages what it is, what to do, what it means and what it does not', (state) => {
    for (const facts of FACTS) {
      for (const because of [undefined, ...CODES]) {
        const [vi, en] = LANGUAGES.map((language) => credentialBandText(state, because === undefined ? facts : { ...facts, because }, language));
        for (const text of [vi!, en!]) {
          expect(text.title).toMatch(/^\S.{3,70}$/);
          for (const sentence of [text.instruction, text.means, text.doesNotMean]) expect(sentence).toMatch(/^\S.{10,320}\.$/);
        }
        expect(vi!.title).not.toBe(en!.title);
        expect(vi!.means).not.toBe(en!.means);
      }
    }
  });

  test('no two states are told in the same words, but the two in which it is in force', () => {
    for (const language of LANGUAGES) {
      expect(new Set(STATES.map((state) => credentialBandText(state, {}, language).title)).size).toBe(STATES.length - 1);
      expect(new Set(STATES.map((state) => credentialBandText(state, {}, language).means)).size).toBe(STATES.length);
    }
  });

  test.each(LANGUAGES)('nothing says that anything is real or not (%s)', (language) => {
    const bands = STATES.flatMap((state) => FACTS.flatMap((facts) => Object.values(credentialBandText(state, facts, language))));
    const checks = CREDENTIAL_CHECKS.flatMap((check) => OUTCOMES.slice(0, 5).map((outcome) => credentialOutcomeText(check, outcome, language)));
    expect([...bands, ...checks].filter((text) => FORBIDDEN.test(text))).toEqual([]);
    expect(FORBIDDEN.test('Đây là bằng giả')).toBe(true);
  });

  test.each(['disclosures-differ', 'superseded'] as const)('%s, with something that could not be checked beside it, vouches for nothing else', (state) => {
    const words = LANGUAGES.map((language) => Object.values(credentialBandText(state, {}, language)).join(' '));
    expect(words.filter((text) => /in order|vẫn đúng|holds instead|bản có hiệu lực|in force/i.test(text))).toEqual([]);
  });

  test('only what is in force is calm, and nothing that could not be checked is', () => {
    expect(STATES.filter((state) => CREDENTIAL_TONES[state] === 'normal')).toEqual(['valid', 'valid-once-authorised']);
    expect(CREDENTIAL_TONES.unchecked).toBe('caution');
  });
});

describe('the band', () => {
  test('a good credential is in force, as of a time', async () => {
    const verdict = await judgeCredential(questionOf(sceneOf('ES256')), nodeCrypto());
    const state = credentialBand(verdict.report, verdict.standing);
    const text = credentialBandText(state, credentialBandFacts(verdict), 'vi');
    expect(state).toBe('valid');
    expect(text.title).toBe('Đang có hiệu lực');
    expect(text.means).toContain('tới 14:30 21/11/2026 chưa thu hồi');
  });

  test.each<readonly [string, CredentialState]>([
    ['text: a sentence', 'malformed'], ['header with alg "none"', 'malformed'], ['payload with iss twice', 'malformed'],
    ['a licence with its holder changed after signing', 'altered'], ['the twin of a signature: n − s', 'altered'],
    ['a self-made did:key', 'issuer-unknown'], ['a self-made did:web', 'issuer-unknown'], ['an issuer withdrawn before the issue', 'issuer-withdrawn'],
    ['a licence that names another authority', 'issuer-differs'],
    ['a key that was compromised before the issue', 'key-compromised'], ['a key that was superseded before the issue', 'key-refused'], ['a key that the issuer does not have', 'key-refused'],
    ['a grant for diplomas', 'not-authorised'], ['nothing on the ledger', 'not-logged'], ["an entry of somebody else's", 'not-logged'],
    ['evidence with another salt', 'evidence-differs'], ['evidence with a line end behind it', 'evidence-differs'], ['evidence that is no JSON', 'evidence-differs'], ['an entry of a larger batch', 'evidence-differs'],
    ['revoked', 'revoked'], ['it ended and was revoked as well', 'revoked'], ['revoked by an authority', 'revoked-by-authority'], ['revoked by an authority, and by its issuer', 'revoked'], ['suspended', 'suspended'], ['replaced', 'superseded'],
    ['it ended a second ago', 'expired'], ['it begins in an hour', 'not-yet-valid'], ['disclosures: another name', 'disclosures-differ'],
    ['no list at all', 'unchecked'], ['no evidence', 'unchecked'], ['a ledger that does not answer', 'unchecked'], ['a register a day and a second old', 'unchecked'],
  ])('%s: %s', (name, state) => {
    const row = CORPUS.find((one) => one.name === name);
    expect(row && credentialBand(row.report, undefined)).toBe(state);
  });

  test('every report of the corpus is told as something, and none as in force', () => {
    const states = new Set(CORPUS.map(({ report }) => credentialBand(report, undefined)));
    expect([...states].filter((state) => CREDENTIAL_TONES[state] === 'normal')).toEqual([]);
    expect(states.size).toBe(STATES.length - 2);
  });

  test('who lost the right since is told so', () => {
    expect(credentialBand(goodReport('DiplomaCredential'), { chain: [], registerAsOf: 0, since: 'GRANT_REVOKED' })).toBe('valid-once-authorised');
  });

  test('an end is told by its last day in Viet Nam', () => {
    const expires = instantOf(Date.UTC(2027, 11, 31, 17)); // midnight there
    expect(credentialBandText('expired', { expires }, 'vi').title).toBe('Đã hết hạn 31/12/2027');
    expect(credentialBandText('expired', { expires }, 'en').title).toBe('Expired 31\u00a0December 2027');
    expect(credentialBandText('not-yet-valid', { notBefore: expires }, 'vi').title).toBe('Có hiệu lực từ 01/01/2028');
  });
});
