/** How the ledger stands, for whoever watches: which one it is, which peers answer, how far the copy for reading is behind. */
import { believedHeight, isUsable, type PeerReport } from './ledger/peer-standing.js';
import type { Services } from './services.js';

export interface LedgerStanding {
  readonly kind: 'embedded' | 'fabric';
  readonly peers: readonly PeerReport[];
  /** peers that answer, keep up, and are believed */
  readonly usable: number;
  /** how many blocks the ledger has; unknown while too few peers answer */
  readonly height: bigint | undefined;
  /** how many of them the copy for reading lacks */
  readonly lag: bigint | undefined;
}

export function ledgerStanding({ ledger, model, trust }: Pick<Services, 'ledger' | 'model' | 'trust'>): LedgerStanding {
  const peers = ledger.peers();
  const height = believedHeight(peers);
  const own = model.asOf().height;
  return {
    kind: trust.ledger, peers, usable: peers.filter(isUsable).length, height,
    lag: height === undefined ? undefined : height > own ? height - own : 0n,
  };
}
