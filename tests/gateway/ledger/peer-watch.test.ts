import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { LedgerFailure } from '../../../gateway/ledger/ledger.js';
import { overPeers, sendOverPeers } from '../../../gateway/ledger/over-peers.js';
import { openPeerLink, type PeerLink } from '../../../gateway/ledger/peer-link.js';
import { PeerWatch } from '../../../gateway/ledger/peer-watch.js';
import { ManualClock } from '../manual-clock.js';

/** What a peer answers when it is asked for its height. */
type Answer = bigint | 'refuses' | 'silent';

const opened: { links: readonly PeerLink[]; watch: PeerWatch }[] = [];
afterEach(() => {
  for (const { links, watch } of opened.splice(0)) {
    watch.close();
    for (const { client } of links) client.close();
  }
});

const failure = (code: string, stage: 'evaluate' | 'endorse' | 'submit' = 'evaluate', retry: 'new-id' | 'same-id' | 'no' = 'new-id'): LedgerFailure => new LedgerFailure({ stage, retry, code }, 'planned');

function watching(answers: Answer[], { everyMs, organisations }: { everyMs?: number; organisations?: string[] } = {}): { watch: PeerWatch; links: readonly PeerLink[]; clock: ManualClock; asked: number[] } {
  const clock = new ManualClock();
  const links = answers.map((_, index) => openPeerLink({ mspId: organisations?.[index] ?? `Org${index}`, address: `localhost:${index + 1}` }));
  const asked: number[] = [];
  const ask = async (link: PeerLink, signal: AbortSignal): Promise<bigint> => {
    const index = links.indexOf(link);
    asked.push(index);
    const answer = answers[index] ?? 'refuses';
    if (answer === 'refuses') throw failure('UNAVAILABLE');
    if (answer !== 'silent') return answer;
    await new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve()); });
    throw failure('DEADLINE_EXCEEDED');
  };
  const watch = new PeerWatch({ links, ownOrganisation: 'Org0', ask, clock, ...(everyMs === undefined ? {} : { everyMs }) });
  opened.push({ links, watch });
  return { watch, links, clock, asked };
}

const order = (watch: PeerWatch): string[] => watch.links().map(({ peer }) => peer.mspId);

/** Asks for the height, moving the clock past the time that silent peers have. */
async function heightOf({ watch, clock }: Pick<ReturnType<typeof watching>, 'watch' | 'clock'>): Promise<bigint | string> {
  const height = watch.height().catch((error: unknown) => (error as LedgerFailure).code);
  for (const half of [1000, 1000]) {
    clock.advance(half);
    await setImmediate();
  }
  return height;
}

describe('watching peers', () => {
  it('knows the height, and leaves the given order alone while all are well', async () => {
    const world = watching([5n, 5n, 5n]);
    expect(await heightOf(world)).toBe(5n);
    expect(order(world.watch)).toEqual(['Org0', 'Org1', 'Org2']);
    expect(world.watch.report().map(({ reachable, height, address }) => [reachable, height, address])).toEqual([[true, 5n, 'localhost:1'], [true, 5n, 'localhost:2'], [true, 5n, 'localhost:3']]);
  });

  it('puts a peer that refuses behind the others, and tells whoever uses it', async () => {
    const world = watching(['refuses', 5n, 5n]);
    const lost = world.watch.lost(world.links[0]!);
    expect(await heightOf(world)).toBe(5n);
    expect(order(world.watch)).toEqual(['Org1', 'Org2', 'Org0']);
    expect([lost.aborted, world.watch.lost(world.links[1]!).aborted]).toEqual([true, false]);
    expect(world.watch.endorsers(2)).toBeUndefined();
  });

  it('does not let anybody ask a silent peer, and names the others as endorsers', async () => {
    const world = watching(['silent', 5n, 5n]);
    expect(await heightOf(world)).toBe(5n);
    expect(order(world.watch)).toEqual(['Org1', 'Org2']);
    expect(world.watch.endorsers(2)).toEqual(['Org1', 'Org2']);
    expect(world.watch.report()[0]).toMatchObject({ reachable: false, silent: true });
  });

  it('does not take a peer for lost that answers other calls, only this question too late', async () => {
    const world = watching(['silent', 5n, 5n]);
    const lost = world.watch.lost(world.links[0]!);
    const height = world.watch.height();
    world.clock.advance(1000);
    await setImmediate();
    expect(await overPeers(world.watch, 'evaluate', async ({ peer }) => peer.mspId)).toBe('Org0');
    world.clock.advance(1000);
    expect(await height).toBe(5n);
    expect([lost.aborted, order(world.watch), world.watch.report()[0]]).toEqual([false, ['Org0', 'Org1', 'Org2'], expect.objectContaining({ reachable: true, silent: false })]);
    // What it answered before it was asked proves nothing.
    expect(await heightOf(world)).toBe(5n);
    expect([lost.aborted, order(world.watch)]).toEqual([true, ['Org1', 'Org2']]);
  });

  it('counts a refusal by the contract as an answer', async () => {
    const world = watching(['silent', 5n, 5n]);
    const height = world.watch.height();
    world.clock.advance(1000);
    await setImmediate();
    await expect(overPeers(world.watch, 'endorse', async () => { throw new Problem('ITEM_UNKNOWN', {}); })).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
    world.clock.advance(1000);
    await height;
    expect(world.watch.isSilent(world.links[0]!)).toBe(false);
  });

  it('lets silent peers be asked where there are no others', async () => {
    const world = watching(['silent', 'silent']);
    const lost = world.watch.lost(world.links[0]!);
    expect(await heightOf(world)).toBe('DEADLINE_EXCEEDED');
    expect(order(world.watch)).toEqual(['Org0', 'Org1']);
    expect(lost.aborted).toBe(false);
  });

  it('takes a peer back when it answers again, with a new signal', async () => {
    const answers: Answer[] = ['refuses', 5n];
    const world = watching(answers);
    await heightOf(world);
    answers[0] = 5n;
    await heightOf(world);
    expect(order(world.watch)).toEqual(['Org0', 'Org1']);
    expect(world.watch.lost(world.links[0]!).aborted).toBe(false);
  });

  it('finds a peer behind that lacks what the ledger had two rounds ago, not one that is a moment late', async () => {
    const answers: Answer[] = [3n, 3n, 3n];
    const world = watching(answers);
    await heightOf(world);
    answers.splice(0, 3, 3n, 8n, 8n);
    await heightOf(world);
    expect(world.watch.report()[0]?.behind).toBe(false);
    await heightOf(world);
    expect(world.watch.report()[0]?.behind).toBe(false);
    const [lost, outrun] = [world.watch.lost(world.links[0]!), world.watch.outrun(world.links[0]!)];
    expect(await heightOf(world)).toBe(8n);
    expect(world.watch.report()[0]?.behind).toBe(true);
    // Whoever follows its blocks goes elsewhere; what it was asked it may answer.
    expect([lost.aborted, outrun.aborted]).toEqual([false, true]);
    expect(order(world.watch)).toEqual(['Org1', 'Org2', 'Org0']);
    answers[0] = 8n;
    await heightOf(world);
    expect(order(world.watch)).toEqual(['Org0', 'Org1', 'Org2']);
  });

  it('does not trust a liar for a minute', async () => {
    const world = watching([5n, 5n]);
    world.watch.distrust(world.links[0]!);
    expect(order(world.watch)).toEqual(['Org1', 'Org0']);
    await heightOf(world);
    expect(order(world.watch)).toEqual(['Org1', 'Org0']);
    world.clock.advance(60_000);
    await heightOf(world);
    expect(order(world.watch)).toEqual(['Org0', 'Org1']);
  });

  it('asks by itself every so often, unless somebody has asked', async () => {
    const world = watching([5n, 5n], { everyMs: 1000 });
    await expect.poll(() => world.clock.waiting).toEqual([1000]);
    expect(world.asked).toHaveLength(2);
    world.clock.advance(600);
    await world.watch.height();
    expect(world.asked).toHaveLength(4);
    world.clock.advance(400);
    await expect.poll(() => world.clock.waiting).toEqual([1000]);
    expect(world.asked).toHaveLength(4);
    world.clock.advance(1000);
    await expect.poll(() => world.asked.length).toBe(6);
  });
});

describe('a call over several peers', () => {
  const answering = (answers: (string | Error)[], links: readonly PeerLink[]) => async (link: PeerLink): Promise<string> => {
    const answer = answers[links.indexOf(link)] ?? new Error('no answer planned');
    if (typeof answer !== 'string') throw answer;
    return answer;
  };

  it.each<[string, (string | Error)[], string]>([
    ['the first answers', ['a', 'b'], 'a'],
    ['the first cannot be reached', [failure('UNAVAILABLE'), 'b'], 'b'],
    ['the first has too much to do', [failure('RESOURCE_EXHAUSTED'), 'b'], 'b'],
    ['the first knows of no endorsers', [failure('FAILED_PRECONDITION', 'endorse'), 'b'], 'b'],
    ['the first one\'s endorsers are away', [failure('ABORTED', 'endorse'), 'b'], 'b'],
    ['only the last can', [failure('UNAVAILABLE'), failure('DEADLINE_EXCEEDED'), 'c'], 'c'],
  ])('%s', async (_name, answers, expected) => {
    const { watch, links } = watching(answers.map(() => 5n));
    expect(await overPeers(watch, 'endorse', answering(answers, links))).toBe(expected);
  });

  it.each<[string, (string | Error)[], string]>([
    ['what the first refuses for good is not asked elsewhere', [failure('PERMISSION_DENIED', 'endorse', 'no'), 'b'], 'PERMISSION_DENIED'],
    ['all fail: the first failure is told', [failure('UNAVAILABLE'), failure('DEADLINE_EXCEEDED')], 'UNAVAILABLE'],
  ])('%s', async (_name, answers, code) => {
    const { watch, links } = watching(answers.map(() => 5n));
    await expect(overPeers(watch, 'endorse', answering(answers, links))).rejects.toMatchObject({ code });
  });

  it('asks after a peer that failed, and lets others alone', async () => {
    const { watch, links, asked } = watching(['refuses', 5n]);
    expect(await overPeers(watch, 'evaluate', answering([failure('UNAVAILABLE'), 'b'], links))).toBe('b');
    await expect.poll(() => order(watch)).toEqual(['Org1', 'Org0']);
    expect(asked).toEqual([0]);
  });

  it('leaves a peer that is found lost while it is asked', async () => {
    const { watch, links, clock } = watching(['silent', 5n]);
    const calls: string[] = [];
    const answer = overPeers(watch, 'evaluate', async (link) => {
      calls.push(link.peer.mspId);
      return link === links[0] ? new Promise<string>(() => undefined) : 'b';
    });
    await heightOf({ watch, clock });
    expect(await answer).toBe('b');
    expect(calls).toEqual(['Org0', 'Org1']);
  });

  it('does not wait for a peer that fell silent meanwhile, for whose sake the first one may have been late', async () => {
    const { watch, links, clock } = watching([5n, 'silent', 5n]);
    const calls: string[] = [];
    const answer = overPeers(watch, 'endorse', async (link) => {
      calls.push(link.peer.mspId);
      if (link !== links[0]) return link.peer.mspId;
      await heightOf({ watch, clock });
      throw failure('DEADLINE_EXCEEDED', 'endorse');
    });
    expect(await answer).toBe('Org2');
    expect(calls).toEqual(['Org0', 'Org2']);
  });

  it('an error that is none of the ledger\'s is not asked elsewhere', async () => {
    const { watch, links } = watching([5n, 5n]);
    await expect(overPeers(watch, 'evaluate', answering([new TypeError('a bug'), 'b'], links))).rejects.toThrow('a bug');
  });
});

describe('sending over several peers', () => {
  const refusal = (code = 'ABORTED'): LedgerFailure => failure(code, 'submit', 'no');
  /** of BFT orderers of which others may have taken it */
  const someRefuse = (): LedgerFailure => failure('ABORTED', 'submit', 'same-id');
  const away = (): LedgerFailure => failure('UNAVAILABLE', 'submit', 'same-id');

  async function sent(answers: ('taken' | Error)[], agreeing: number, organisations?: string[]): Promise<{ result: unknown; asked: number }> {
    const { watch, links } = watching(answers.map(() => 5n), organisations === undefined ? {} : { organisations });
    const calls: string[] = [];
    const send = sendOverPeers(watch, agreeing, async (link) => {
      calls.push(link.peer.address);
      const answer = answers[links.indexOf(link)];
      if (answer instanceof Error) throw answer;
    });
    const result = await send.then(() => 'taken', (error: unknown) => (error instanceof LedgerFailure ? `${error.code} ${error.retry}` : error));
    return { result, asked: calls.length };
  }

  it.each<[string, ('taken' | Error)[], number, string, number]>([
    ['the first takes it', ['taken', 'taken'], 2, 'taken', 1],
    ['one refuses it, another takes it', [refusal(), 'taken', 'taken'], 2, 'taken', 2],
    ['one is away, another takes it', [away(), 'taken', 'taken'], 2, 'taken', 2],
    ['two organisations refuse it', [refusal('PERMISSION_DENIED'), refusal(), 'taken'], 2, 'ABORTED no', 2],
    ['one refuses it where there is but one', [refusal()], 1, 'ABORTED no', 1],
    ['one refuses it, the others are away', [refusal(), away(), away()], 2, 'UNAVAILABLE same-id', 3],
    ['one refuses it, and no other can be asked', [refusal()], 2, 'UNAVAILABLE same-id', 1],
    ['one is away, to whom it may have come, two refuse it', [away(), refusal(), refusal()], 2, 'ABORTED same-id', 3],
    ['two find only some orderers that refuse it', [someRefuse(), someRefuse()], 2, 'ABORTED same-id', 2],
    ['one has an orderer that spoke for all, one has not', [someRefuse(), refusal()], 2, 'ABORTED same-id', 2],
    ['all are away', [away(), away()], 2, 'UNAVAILABLE same-id', 2],
  ])('%s', async (_name, answers, agreeing, result, asked) => {
    expect(await sent(answers, agreeing)).toEqual({ result, asked });
  });

  it('two peers of one organisation refuse as one', async () => {
    expect(await sent([refusal(), refusal(), 'taken'], 2, ['R', 'R', 'I'])).toEqual({ result: 'taken', asked: 3 });
    expect(await sent([refusal(), refusal()], 2, ['R', 'R'])).toEqual({ result: 'UNAVAILABLE same-id', asked: 2 });
  });

  it('an error that is none of the ledger\'s is not asked elsewhere', async () => {
    const bug = new TypeError('a bug');
    expect(await sent([bug, 'taken'], 2)).toEqual({ result: bug, asked: 1 });
  });
});

describe('one organisation lies about how far its peers are', () => {
  const LIE = 1_000_000_000n;

  it.each<[string, string[]]>([['a peer', ['Org0', 'Evil', 'Org2']], ['two peers', ['Org0', 'Evil', 'Evil', 'Org2']]])('%s, while all are there', async (_name, organisations) => {
    const world = watching(organisations.map((name) => (name === 'Evil' ? LIE : 1000n)), { organisations });
    for (let round = 0; round < 6; round++) expect(await heightOf(world)).toBe(1000n);
    expect(order(world.watch)).toEqual(organisations);
    expect(world.watch.report().map(({ behind }) => behind)).not.toContain(true);
  });

  it('while the own peer is away: it leads again when it is back', async () => {
    const answers: Answer[] = [1000n, LIE, 1000n];
    const world = watching(answers, { organisations: ['Org0', 'Evil', 'Org2'] });
    answers[0] = 'refuses';
    for (let round = 0; round < 4; round++) expect(await heightOf(world)).toBe(1000n);
    answers.splice(0, 3, 1010n, LIE, 1010n);
    for (let round = 0; round < 4; round++) expect(await heightOf(world)).toBe(1010n);
    expect(order(world.watch)).toEqual(['Org0', 'Evil', 'Org2']);
  });

  it('while it alone answers: there is no height, and nobody is behind afterwards', async () => {
    const answers: Answer[] = ['refuses', LIE, 'refuses'];
    const world = watching(answers, { organisations: ['Org0', 'Evil', 'Org2'] });
    for (let round = 0; round < 4; round++) expect(await heightOf(world)).toBe('UNAVAILABLE');
    answers.splice(0, 3, 1010n, LIE, 1010n);
    expect(await heightOf(world)).toBe(1010n);
    expect(order(world.watch)).toEqual(['Org0', 'Evil', 'Org2']);
  });

  it('the own peer alone is believed', async () => {
    const world = watching([1000n, 'refuses', 'refuses']);
    expect(await heightOf(world)).toBe(1000n);
  });
});
