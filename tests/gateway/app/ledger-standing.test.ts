import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerStanding } from '../../../gateway/ledger-standing.js';
import type { PeerReport } from '../../../gateway/ledger/peer-standing.js';
import type { Services } from '../../../gateway/services.js';
import { mustBe, runGateway, type RunningGateway } from './running-gateway.js';

const peer = (organisation: string, change: Partial<PeerReport> = {}): PeerReport => ({ organisation, own: organisation === 'R', address: `${organisation}:7051`, reachable: true, silent: false, height: 12n, behind: false, distrusted: false, ...change });

const services = (peers: readonly PeerReport[], height: bigint): Pick<Services, 'ledger' | 'model' | 'trust'> => ({
  ledger: { peers: () => peers }, model: { asOf: () => ({ height, blockTime: undefined, knownAt: undefined }) }, trust: { ledger: 'fabric' },
} as unknown as Pick<Services, 'ledger' | 'model' | 'trust'>);

describe('how the ledger stands', () => {
  it.each<[string, PeerReport[], bigint, { usable: number; height: bigint | undefined; lag: bigint | undefined }]>([
    ['all is well', [peer('R'), peer('I'), peer('E')], 12n, { usable: 3, height: 12n, lag: 0n }],
    ['the copy lags', [peer('R'), peer('I'), peer('E')], 9n, { usable: 3, height: 12n, lag: 3n }],
    ['the copy was faster than the answers', [peer('R')], 13n, { usable: 1, height: 12n, lag: 0n }],
    ['peers are away, behind and not believed', [peer('R', { reachable: false }), peer('I', { behind: true, height: 5n }), peer('E', { distrusted: true }), peer('F')], 12n, { usable: 1, height: 12n, lag: 0n }],
    ['nobody has answered yet', [peer('R', { height: undefined })], 3n, { usable: 1, height: undefined, lag: undefined }],
  ])('%s', (_name, peers, modelHeight, expected) => {
    expect(ledgerStanding(services(peers, modelHeight))).toEqual({ kind: 'fabric', peers, ...expected });
  });
});

describe('a gateway on the embedded ledger', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterAll(async () => gateway.remove());

  it('tells in /readyz which ledger it is, its peer and no lag, but no address', async () => {
    const { body, text } = mustBe(200, await gateway.call({ url: '/readyz' }));
    expect(body).toMatchObject({ status: 'ok', ledger: { kind: 'embedded', height: body['height'], lag: '0', peers: [{ organisation: 'OperatorMSP', reachable: true, behind: false, height: body['height'] }] } });
    expect(text).not.toContain('127.0.0.1');
  });

  it('tells the same as figures in /metrics', async () => {
    const { text } = mustBe(200, await gateway.operator.get('/metrics'));
    const lines = text.split('\n');
    expect(lines).toContain('gateway_ledger_info{kind="embedded"} 1');
    expect(lines).toContain('gateway_ledger_peers 1');
    expect(lines).toContain('gateway_ledger_peers_usable 1');
    expect(lines).toContain('gateway_read_model_lag_blocks 0');
    expect(lines.find((line) => line.startsWith('gateway_ledger_peer_up{organisation="OperatorMSP",address="127.0.0.1:'))).toMatch(/ 1$/);
  });
});
