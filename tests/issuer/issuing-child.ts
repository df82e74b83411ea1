/**
 * An issuer in a process of its own, to be killed: asks the gateway over HTTP, makes the requests it is given, prints each
 * answer. Argument: JSON of {@link ChildOrder}.
 */
import { writeSync } from 'node:fs';
import { loadIssuerConfig } from '../../issuer/config.js';
import type { Step } from '../../issuer/credentials/settling.js';
import { httpGateway } from '../../issuer/ledger/gateway-api.js';
import { startIssuer } from '../../issuer/start.js';

export interface ChildOrder {
  readonly folder: string;
  readonly gateway: string;
  readonly key: string;
  readonly requests: readonly { readonly url: string; readonly body: object }[];
  /** The step at which the process kills itself, and the how many-eth time. */
  readonly killAt?: { readonly step: Step; readonly occurrence: number };
}

const order = JSON.parse(process.argv[2] ?? '{}') as ChildOrder;
const print = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const reached = { count: 0 };
const issuer = await startIssuer(loadIssuerConfig({ ISSUER_DATA: order.folder, ISSUER_LOG_LEVEL: 'silent', ISSUER_REQUESTS_PER_MINUTE: '1000000' }), {
  gateway: httpGateway({ origin: order.gateway, patience: 10_000 }),
  background: false,
  atStep: (step) => {
    if (step !== order.killAt?.step) return;
    reached.count += 1;
    if (reached.count === order.killAt.occurrence) process.kill(process.pid, 'SIGKILL');
  },
});
print({ ready: true });
const left = await issuer.finish();
print({ left });
await Promise.all(order.requests.map(async ({ url, body }, at) => {
  const answer = await issuer.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${order.key}`, 'content-type': 'application/json' }, payload: JSON.stringify(body) });
  print({ at, status: answer.statusCode, body: JSON.parse(answer.payload) as unknown });
}));
await issuer.close();
print({ done: true });
