/** Figures in Prometheus' text format 0.0.4: requests by route and status, and how ledger and read model stand. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { ledgerStanding, type LedgerStanding } from './ledger-standing.js';
import type { Services } from './services.js';

/** Upper bounds of a request's duration, seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

interface Durations {
  readonly within: number[];
  sum: number;
  count: number;
}

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #durations = new Map<string, Durations>();
  readonly #lag = monitorEventLoopDelay({ resolution: 20 });

  /** Counts every request that is answered from now on. */
  watch(app: FastifyInstance): void {
    this.#lag.enable();
    app.addHook('onResponse', async (request, reply) => {
      // The route's pattern, never the address: labels must not grow with what callers think of.
      const route = `method="${request.method}",route="${request.routeOptions.url ?? 'none'}"`;
      this.#count(`${route},status="${reply.statusCode}"`);
      this.#time(route, reply.elapsedTime / 1000);
    });
    app.addHook('onClose', async () => {
      this.#lag.disable();
    });
  }

  text(services: Services): string {
    const { ledger, model } = services;
    const outbox = ledger.health();
    return [
      ...counter('gateway_requests_total', 'Requests answered.', this.#requests),
      ...this.#histogram(),
      ...gauge('gateway_outbox_waiting', 'Transactions whose fate is not known yet.', outbox.waiting),
      ...gauge('gateway_read_model_height', 'Blocks in the copy for reading.', Number(model.asOf().height)),
      ...ledgerGauges(ledgerStanding(services)),
      ...gauge('gateway_store_failed', '1 after the first disk error.', outbox.storeFailure === undefined ? 0 : 1),
      ...gauge('gateway_event_loop_delay_seconds', '99th percentile since the start.', this.#lag.percentile(99) / 1e9),
      ...gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
      '',
    ].join('\n');
  }

  #count(labels: string): void {
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
  }

  #time(labels: string, seconds: number): void {
    let durations = this.#durations.get(labels);
    if (durations === undefined) this.#durations.set(labels, durations = { within: BOUNDS.map(() => 0), sum: 0, count: 0 });
    for (const [index, bound] of BOUNDS.entries()) if (seconds <= bound) durations.within[index] = (durations.within[index] ?? 0) + 1;
    durations.sum += seconds;
    durations.count++;
  }

  #histogram(): string[] {
    const name = 'gateway_request_seconds';
    const lines = [`# HELP ${name} How long requests took.`, `# TYPE ${name} histogram`];
    for (const [labels, { within, sum, count }] of this.#durations) {
      for (const [index, bound] of BOUNDS.entries()) lines.push(`${name}_bucket{${labels},le="${bound}"} ${within[index] ?? 0}`);
      lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`, `${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${count}`);
    }
    return lines;
  }
}

function peerLabels({ organisation, address }: LedgerStanding['peers'][number]): string {
  return `organisation="${organisation}",address="${address}"`;
}

/** What is not known is left out: a figure of an hour ago would look like one of now. */
function ledgerGauges({ kind, peers, usable, height, lag }: LedgerStanding): string[] {
  return [
    '# HELP gateway_ledger_info Which ledger it is.', '# TYPE gateway_ledger_info gauge', `gateway_ledger_info{kind="${kind}"} 1`,
    ...gauge('gateway_ledger_peers', 'Peers that can be asked.', peers.length),
    ...gauge('gateway_ledger_peers_usable', 'Peers that answer and keep up.', usable),
    ...(height === undefined ? [] : gauge('gateway_ledger_height', 'Blocks of the ledger.', Number(height))),
    ...(lag === undefined ? [] : gauge('gateway_read_model_lag_blocks', 'Blocks that the copy for reading lacks.', Number(lag))),
    ...gauges('gateway_ledger_peer_up', '1 if the peer answered when it was last asked.', peers.map((one) => [peerLabels(one), one.reachable ? 1 : 0])),
    ...gauges('gateway_ledger_peer_height', 'Blocks that the peer had then.', peers.flatMap((one) => (one.height === undefined ? [] : [[peerLabels(one), Number(one.height)] as const]))),
  ];
}

function counter(name: string, help: string, values: ReadonlyMap<string, number>): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, ...[...values].map(([labels, value]) => `${name}{${labels}} ${value}`)];
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}

function gauges(name: string, help: string, values: readonly (readonly [labels: string, value: number])[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...values.map(([labels, value]) => `${name}{${labels}} ${value}`)];
}
