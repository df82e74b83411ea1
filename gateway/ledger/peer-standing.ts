/** Which peers to ask, in which order, and how long the ledger is by what they say: pure rules over what was seen of them. */

/** What is known of one peer. */
export interface PeerStanding {
  /** e.g. `RegulatorMSP` */
  readonly organisation: string;
  /** it belongs to the organisation that the gateway itself belongs to */
  readonly own: boolean;
  /** it answered when it was last asked; true before that */
  readonly reachable: boolean;
  /** it did not even refuse: whoever asks it waits in vain */
  readonly silent: boolean;
  /** how many blocks it had then */
  readonly height: bigint | undefined;
  /** it lacks what the ledger had two rounds of questions ago */
  readonly behind: boolean;
  /** it delivered a block that its orderers never signed */
  readonly distrusted: boolean;
}

/** A peer as it is told of outside. */
export interface PeerReport extends PeerStanding {
  /** e.g. `localhost:7051` */
  readonly address: string;
}

/** True for a peer that may be asked before others. */
export function isUsable(peer: PeerStanding): boolean {
  return isThere(peer) && !peer.behind;
}

/** True for a peer that answers, and is believed. */
export function isThere({ reachable, distrusted }: PeerStanding): boolean {
  return reachable && !distrusted;
}

/**
 * The order in which peers are asked: usable ones first, then those that at least answer, honest ones before others;
 * among equals as they were given, so the own organisation's peers lead.
 */
export function inAskingOrder<T extends PeerStanding>(peers: readonly T[]): readonly T[] {
  const worth = (one: PeerStanding): number => (one.distrusted ? 0 : 4) + (one.reachable ? 2 : 0) + (one.behind ? 0 : 1);
  return [...peers].sort((a, b) => worth(b) - worth(a));
}

/**
 * Whom to name as endorsers while a peer is silent: a gateway peer that chooses by itself would go on waiting for that
 * one. A peer that refuses connections is passed over by the others without our help.
 *
 * @param least how many organisations endorse at the least; never fewer than a majority of all, which the chaincode's
 *   policy asks for
 * @returns all organisations whose peers can be asked; `undefined` where the gateway peer may choose, or too few are left
 *   to be named
 */
export function namedEndorsers(peers: readonly PeerStanding[], least: number): readonly string[] | undefined {
  if (!peers.some(({ silent }) => silent)) return undefined;
  const organisations = [...new Set(peers.filter(isUsable).map(({ organisation }) => organisation))];
  const majority = Math.floor(new Set(peers.map(({ organisation }) => organisation)).size / 2) + 1;
  return organisations.length >= Math.max(least, majority) ? organisations : undefined;
}

/** Whoever wants to deceive needs two organisations. */
const AGREEING = 2;

/**
 * How many blocks the ledger has: as many as peers of two organisations reach, or of the only one there is; or more, if a peer
 * of the gateway's own organisation says so. Another organisation alone may be lying, however many peers it has, and a height
 * that no block will ever reach would make every copy look old, and every honest peer behind.
 *
 * @returns `undefined` where too few have answered
 */
export function believedHeight(peers: readonly Pick<PeerStanding, 'organisation' | 'own' | 'reachable' | 'height'>[]): bigint | undefined {
  const highest = new Map<string, bigint>();
  let own: bigint | undefined;
  for (const { organisation, own: isOwn, reachable, height } of peers) {
    if (!reachable || height === undefined) continue;
    highest.set(organisation, higher(highest.get(organisation), height));
    if (isOwn) own = higher(own, height);
  }
  const agreeing = Math.min(AGREEING, new Set(peers.map(({ organisation }) => organisation)).size);
  const agreed = [...highest.values()].sort((a, b) => (a < b ? 1 : -1))[agreeing - 1];
  return agreed === undefined ? own : higher(own, agreed);
}

function higher(known: bigint | undefined, other: bigint): bigint {
  return known !== undefined && known > other ? known : other;
}
