import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { believedHeight, inAskingOrder, isUsable, namedEndorsers, type PeerStanding } from '../../../gateway/ledger/peer-standing.js';
import { signerSets } from '../../../gateway/ledger/receipt-signers.js';

const peer = (organisation: string, change: Partial<PeerStanding> = {}): PeerStanding => ({ organisation, own: organisation === 'own', reachable: true, silent: false, height: 10n, behind: false, distrusted: false, ...change });
const names = (peers: readonly PeerStanding[]): string[] => peers.map(({ organisation }) => organisation);

describe('the order in which peers are asked', () => {
  it.each<[string, PeerStanding[], string[]]>([
    ['as given, while all are well', [peer('own'), peer('b'), peer('c')], ['own', 'b', 'c']],
    ['one that is away comes last', [peer('own', { reachable: false }), peer('b'), peer('c')], ['b', 'c', 'own']],
    ['one that is behind before one that is away', [peer('own', { reachable: false }), peer('b', { behind: true }), peer('c')], ['c', 'b', 'own']],
    ['one that lied after one that is away', [peer('own', { distrusted: true }), peer('b', { reachable: false }), peer('c')], ['c', 'b', 'own']],
    ['all away: as given', [peer('own', { reachable: false }), peer('b', { reachable: false })], ['own', 'b']],
  ])('%s', (_name, peers, order) => {
    expect(names(inAskingOrder(peers))).toEqual(order);
  });

  it('leaves no usable peer behind one that is not', () => {
    const any = fc.record({ organisation: fc.constantFrom('a', 'b', 'c'), own: fc.boolean(), reachable: fc.boolean(), silent: fc.boolean(), height: fc.constant(1n), behind: fc.boolean(), distrusted: fc.boolean() });
    fc.assert(fc.property(fc.array(any, { maxLength: 8 }), (peers) => {
      const usable = inAskingOrder(peers).map(isUsable);
      expect(usable.lastIndexOf(true)).toBe(peers.filter(isUsable).length - 1);
    }));
  });
});

describe('the height that is believed', () => {
  const LIE = 1_000_000_000n;

  it.each<[string, [organisation: string, height: bigint | undefined][], bigint | undefined]>([
    ['nobody has answered', [['own', undefined], ['b', undefined]], undefined],
    ['the only organisation there is', [['b', 7n]], 7n],
    ['two peers of the only organisation: the higher', [['b', 7n], ['b', 9n]], 9n],
    ['all alike', [['own', 7n], ['b', 7n], ['c', 7n]], 7n],
    ['the own peer leads', [['own', 9n], ['b', 7n], ['c', 7n]], 9n],
    ['another one leads', [['b', 9n], ['own', 7n], ['c', 7n]], 7n],
    ['the own peer lags: two say more', [['own', 5n], ['b', 7n], ['c', 8n]], 7n],
    ['one other alone says more', [['own', 7n], ['b', 7n], ['c', LIE]], 7n],
    ['it says so by two peers', [['own', 7n], ['c', LIE], ['c', LIE], ['b', 7n]], 7n],
    ['the own peer has not answered', [['own', undefined], ['b', 7n], ['c', 8n]], 7n],
    ['the own peer alone has answered', [['own', 7n], ['b', undefined], ['c', undefined]], 7n],
    ['another one alone has answered', [['own', undefined], ['b', undefined], ['c', LIE]], undefined],
    ['another organisation alone, by two peers', [['own', undefined], ['b', undefined], ['c', LIE], ['c', LIE]], undefined],
  ])('%s', (_name, heights, believed) => {
    expect(believedHeight(heights.map(([organisation, height]) => peer(organisation, { height })))).toBe(believed);
  });

  it('what a peer said before it was lost does not count', () => {
    expect(believedHeight([peer('own', { height: 99n, reachable: false }), peer('b', { height: 7n }), peer('c', { height: 7n })])).toBe(7n);
  });

  it('one organisation moves it to nowhere but between what others say, whatever it says', () => {
    const heights = fc.array(fc.bigInt(0n, 50n), { minLength: 2, maxLength: 4 });
    const lies = fc.array(fc.bigInt(0n, LIE), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(heights, lies, (honest, said) => {
      const peers = [...honest.map((height, index) => peer(`honest${index}`, { height })), ...said.map((height) => peer('liar', { height }))];
      const believed = believedHeight(peers) ?? -1n;
      const [second = 0n, highest = 0n] = [...honest].sort((a, b) => (a < b ? -1 : 1)).slice(-2);
      expect(believed >= second && believed <= highest).toBe(true);
    }));
  });
});

describe('endorsers that are named', () => {
  it.each<[string, PeerStanding[], readonly string[] | undefined]>([
    ['none while all speak', [peer('a'), peer('b'), peer('c')], undefined],
    ['none where a peer refuses connections: others notice by themselves', [peer('a', { reachable: false }), peer('b'), peer('c')], undefined],
    ['the others where one is silent', [peer('a', { reachable: false, silent: true }), peer('b'), peer('c')], ['b', 'c']],
    ['an organisation once, that has another peer', [peer('a', { reachable: false, silent: true }), peer('a'), peer('b'), peer('b')], ['a', 'b']],
    ['none where too few are left', [peer('a', { reachable: false, silent: true }), peer('b', { reachable: false }), peer('c')], undefined],
    ['a majority of five', [peer('a', { reachable: false, silent: true }), peer('b', { behind: true }), peer('c'), peer('d'), peer('e')], ['c', 'd', 'e']],
    ['none where they are no majority of four', [peer('a', { reachable: false, silent: true }), peer('b', { reachable: false }), peer('c'), peer('d')], undefined],
  ])('%s', (_name, peers, named) => {
    expect(namedEndorsers(peers, 2)).toEqual(named);
  });
});

describe('who signs a receipt', () => {
  it.each<[string, string[], number, string[][]]>([
    ['two of three, the best first', ['R', 'I', 'E'], 2, [['R', 'I'], ['R', 'E'], ['I', 'E']]],
    ['an organisation with two peers once', ['R', 'R', 'I'], 2, [['R', 'I']]],
    ['all, where there are no more', ['R'], 2, [['R']]],
    ['one of three', ['R', 'I', 'E'], 1, [['R'], ['I'], ['E']]],
    ['six tries at the most', ['A', 'B', 'C', 'D', 'E'], 2, [['A', 'B'], ['A', 'C'], ['A', 'D'], ['A', 'E'], ['B', 'C'], ['B', 'D']]],
  ])('%s', (_name, organisations, count, sets) => {
    expect(signerSets(organisations, count)).toEqual(sets);
  });
});
