/** Broken credentials by the million: whatever a good one is made into, it is not accepted, and nothing breaks. */
import type { CredentialType } from '#domain/credential/credential-type.js';
import { CredentialMemory } from '../../../verifier/core/credential/credential-memory.js';
import type { CredentialReport } from '../../../verifier/core/credential/credential-report.js';
import type { CredentialQuestion } from '../../../verifier/core/credential/credential-verdict.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { seededRandom, type Random } from '../../domain/gs1/seeded-random.js';
import { ALGORITHMS, questionOf, SAMPLES, sceneOf } from '../../support/credential-maker.js';
import type { Surroundings } from './second-verifier.js';

export interface FuzzReport {
  readonly texts: number;
  /** How many said the same as a good one: parts left out that may be, or a change that changed nothing. */
  readonly unchanged: number;
  /** How often each check was the first that failed or stayed open, with its code. */
  readonly refused: ReadonlyMap<string, number>;
  /** Texts on which the second verifier says otherwise, where it was asked. */
  readonly disputed: readonly string[];
  /** The text that took longest, and how long, in milliseconds. */
  readonly slowest: { readonly text: string; readonly ms: number };
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SPECKS = ['.', '..', '~', '~~', '#', '##', '=', '==', '+', '/', ' ', '\n', '\0', '%00', '"', '{', '}', '[]', 'é', 'а', '😀', '\ud800', 'eyJ', 'e30', 'W10', 'bnVsbA', 'A'.repeat(300), '\u202e', '__proto__'];
const WORDS = ['null', 'true', '0', '-1', '1e400', '1.5', '""', '[]', '{}', '"did:web:evil.example"', '"VerifiablePresentation"', '9007199254740993', '"\\ud800"', '{"a":1,"a":2}'];

type Mutation = (text: string, random: Random, others: readonly string[]) => string;

/** On the text as it is. */
const OUTSIDE: readonly Mutation[] = [
  (text, random) => spliced(text, random, 1, ''),
  (text, random) => spliced(text, random, 1 + random.below(40), ''),
  (text, random) => spliced(text, random, 0, random.pick(SPECKS)),
  (text, random) => spliced(text, random, 1, random.pick(SPECKS)),
  (text, random) => spliced(text, random, 1, BASE64URL.charAt(random.below(64))),
  (text, random) => spliced(text, random, 1, BASE64URL.charAt(random.below(64))),
  (text, random) => spliced(text, random, 0, text.slice(random.below(text.length), random.below(text.length))),
  (text, random, others) => text.slice(0, random.below(text.length)) + random.pick(others).slice(random.below(2_000)),
  (text, random) => exchanged(text.split(/(?<=[.~#])/), random),
];

/** On what one part says, written anew as base64url: so that it gets past the reading of base64url. */
const INSIDE: readonly Mutation[] = [
  (json, random) => spliced(json, random, 1, random.pick(SPECKS)),
  (json, random) => spliced(json, random, 1 + random.below(10), ''),
  (json, random) => spliced(json, random, 1, String.fromCharCode(32 + random.below(95))),
  (json, random) => json.replaceAll(/"(?:[^"\\]|\\.)*"|\d+/g, (value) => (random.chance(30) ? random.pick(WORDS) : value)),
  (json, random) => exchanged(json.split(/(?<=[,{}[\]:])/), random),
  (json, random) => json.replaceAll(/\d/g, (digit) => (random.chance(20) ? String(random.below(10)) : digit)),
  (json, random) => json.replace(/\}$/, `,"${random.pick(['iss', 'exp', 'x', 'issuer', 'vc', 'alg', '__proto__'])}":${random.pick(WORDS)}}`),
];

/** A whole part in place of another credential's. */
const ACROSS: readonly Mutation[] = [
  (text, random, others) => {
    const parts = text.split(/(?<=[.~#])/);
    const other = random.pick(others).split(/(?<=[.~#])/);
    const at = random.below(parts.length);
    parts[at] = other[Math.min(at, other.length - 1)] ?? '';
    return parts.join('');
  },
];

function spliced(text: string, random: Random, remove: number, insert: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + insert + text.slice(at + remove);
}

function exchanged(parts: string[], random: Random): string {
  const [a, b] = [random.below(parts.length), random.below(parts.length)];
  [parts[a], parts[b]] = [parts[b] ?? '', parts[a] ?? ''];
  return parts.join('');
}

function mutated(text: string, random: Random, others: readonly string[]): string {
  let changed = text;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const kind = random.below(8);
    if (kind < 4) changed = insidePart(changed, random, others);
    else changed = random.pick(kind < 7 ? OUTSIDE : ACROSS)(changed, random, others);
  }
  return changed;
}

function insidePart(text: string, random: Random, others: readonly string[]): string {
  const parts = text.split(/([.~#])/);
  const at = 2 * random.below((parts.length + 1) / 2);
  const json = Buffer.from(parts[at] ?? '', 'base64url').toString();
  parts[at] = Buffer.from(random.pick(INSIDE)(json, random, others)).toString('base64url');
  return parts.join('');
}

interface Good {
  readonly text: string;
  readonly question: CredentialQuestion;
  readonly around: Surroundings;
}

/** One of each type, algorithm and way of showing it, all judged by one register. */
function goodOnes(): readonly Good[] {
  const types = Object.keys(SAMPLES) as CredentialType[];
  const scenes = types.flatMap((type) => ALGORITHMS.flatMap((algorithm) => [sceneOf(algorithm, { type }), sceneOf(algorithm, { type, disclosures: (all) => all.slice(0, 1) })]));
  const records = new Map(scenes.flatMap(({ commitments }) => commitments.map((record) => [record.root, { record }])));
  const lists = new Map(scenes.flatMap(({ statuses }) => statuses.map((one) => [one.list, one])));
  const [first] = scenes;
  if (first === undefined) throw new Error('there are types');
  const question: CredentialQuestion = { ...questionOf(first), statusOf: (list) => lists.get(list), commitmentOf: (root) => records.get(root) ?? 'unknown' };
  const around = { ...first, statuses: [...lists.values()], commitments: [...records.values()].map(({ record }) => record) };
  return scenes.map(({ text }) => ({ text, question, around }));
}

/** What a text claims to be: its token, its evidence, and what is shown with it, whichever part of that it is. */
function spoken(text: string): { token: string; shown: readonly string[] } {
  const [before = '', evidence] = text.split('#');
  const [jwt, ...shown] = before.split('~');
  return { token: `${jwt}#${evidence}`, shown: shown.filter((one) => one !== '') };
}

/** Whether an accepted text says nothing but what some good one says. */
function saysTheSame(text: string, good: readonly Good[]): boolean {
  const { token, shown } = spoken(text);
  const all = good.map((one) => spoken(one.text)).filter((one) => one.token === token);
  const known = new Set(all.flatMap((one) => one.shown));
  return all.length > 0 && shown.every((one) => known.has(one));
}

function firstFault(report: CredentialReport): string {
  const [name, outcome] = Object.entries(report).find(([, one]) => one.result === 'fail') ?? Object.entries(report).find(([, one]) => one.result === 'unknown') ?? ['none', undefined];
  return `${name} ${outcome !== undefined && 'code' in outcome ? outcome.code : ''}`;
}

/** Another verifier: whether the credential may be relied on. */
export type SecondOpinion = (around: Surroundings) => boolean;

/**
 * Makes `count` texts out of good ones, one to three changes each, and judges them all.
 *
 * @param second asked about each text too
 * @throws an Error for a text that is accepted and should not be, and for one on which the judgement throws
 */
export async function fuzzCredentials(count: number, seed: number, second?: SecondOpinion): Promise<FuzzReport> {
  const random = seededRandom(seed);
  const good = goodOnes();
  const texts = good.map(({ text }) => text);
  const [port, memory] = [nodeCrypto(), new CredentialMemory()];
  const refused = new Map<string, number>();
  const disputed: string[] = [];
  let unchanged = 0;
  let slowest = { text: '', ms: 0 };
  for (let each = 0; each < count; each++) {
    const { text: from, question, around } = random.pick(good);
    const text = mutated(from, random, texts);
    const start = performance.now();
    const { verdict, report } = await judgeCredential({ ...question, text }, port, memory).catch((error: unknown) => {
      throw new Error(`thrown for ${JSON.stringify(text)}`, { cause: error });
    });
    const ms = performance.now() - start;
    if (ms > slowest.ms) slowest = { text, ms };
    if (verdict !== 'verified') refused.set(firstFault(report), (refused.get(firstFault(report)) ?? 0) + 1);
    else if (saysTheSame(text, good)) unchanged++;
    else throw new Error(`accepted: ${JSON.stringify(text)}`);
    if (second !== undefined && second({ ...around, text }) !== (verdict === 'verified')) disputed.push(text);
  }
  return { texts: count, unchanged, refused, disputed, slowest };
}
