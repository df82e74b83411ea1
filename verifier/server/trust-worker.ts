/**
 * Fetches everything that credentials are judged by before anybody asks: the trust registry, the status lists of its
 * issuers, their DID documents. No request waits for it, and what fails leaves what is there, growing old visibly. The
 * registry never waits for lists or documents, which others serve as slowly as they like.
 */
import type { Did } from '#domain/trust/did.js';
import type { KnownStatus } from '../core/credential/status-checks.js';
import { DidDocumentKeeper, type DidDocumentFinding } from './credentials/did-document-keeper.js';
import type { TrustSource } from './credentials/credential-sources.js';
import type { HeldList } from './credentials/list-entry.js';
import { type KnownRegister, RegisterCopy } from './credentials/register-copy.js';
import { StatusKeeper, type StatusKeeperParts, type WantedList } from './credentials/status-keeper.js';
import { OneAtATime } from './one-at-a-time.js';

export interface TrustWorkerParts extends Omit<StatusKeeperParts, 'onFault' | 'register'> {
  readonly trust: TrustSource;
  /** Is told of everything that could not be had. */
  readonly onFault?: (error: unknown) => void;
  /** Milliseconds between one look at the registry and the next; 3000 unless stated. */
  readonly everyMs?: number;
}

const EVERY_MS = 3_000;

export class TrustWorker {
  readonly #parts: TrustWorkerParts;
  readonly #register: RegisterCopy;
  readonly #lists: StatusKeeper;
  readonly #documents: DidDocumentKeeper;
  readonly #closing = new AbortController();
  readonly #registry = this.#alone(() => this.#follow());
  /** What is fetched beside the registry, each as often as it can be. */
  readonly #beside = [
    this.#alone(() => this.#lists.refresh('own', this.#closing.signal)),
    this.#alone(() => this.#lists.refresh('elsewhere', this.#closing.signal)),
    this.#alone(() => this.#documents.refresh(this.register, this.#parts.now())),
  ];
  readonly #all = new OneAtATime(() => this.#registry.begin().then(() => this.#besides()));
  #running: Promise<void> | undefined;
  #rounds = 0;
  #faults = 0;

  constructor(parts: TrustWorkerParts) {
    this.#parts = parts;
    this.#register = new RegisterCopy(parts.trust);
    const onFault = (error: unknown): void => this.#fault(error);
    this.#lists = new StatusKeeper({ ...parts, onFault, register: () => this.register });
    this.#documents = new DidDocumentKeeper({ ...parts, onFault });
  }

  /** The copy at hand; before the first one an empty one, from which nothing can be said. */
  get register(): KnownRegister {
    return this.#register.known;
  }

  get isReady(): boolean {
    return this.#register.isThere;
  }

  statusOf(url: string): KnownStatus | undefined {
    return this.#lists.held(url)?.known;
  }

  /** The list as its issuer published it. */
  listAt(url: string): HeldList | undefined {
    return this.#lists.held(url);
  }

  documentOf(did: Did): DidDocumentFinding | undefined {
    return this.#documents.findingOf(did);
  }

  /** Asks for a list in the next round; see `StatusKeeper.want`. */
  want(wanted: WantedList): void {
    this.#lists.want(wanted);
  }

  /** One round of everything; who asks while it is under way waits for the same. Never rejects for what could not be had. */
  round(): Promise<void> {
    return this.#all.begin();
  }

  /** Rounds from now on, until `close`. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Returns when what is under way is over: nothing more is begun. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await Promise.all([this.#all, this.#registry, ...this.#beside].map(({ underWay }) => underWay));
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.#registry.begin();
      if (!this.#closing.signal.aborted) void this.#besides();
      await pause(this.#parts.everyMs ?? EVERY_MS, this.#closing.signal);
    }
  }

  async #besides(): Promise<void> {
    await Promise.all(this.#beside.map((one) => one.begin()));
  }

  /** What was not foreseen is a fault like any other, and the next time is another. */
  #alone(work: () => Promise<void>): OneAtATime {
    return new OneAtATime(() => work().catch((error: unknown) => this.#fault(error)));
  }

  async #follow(): Promise<void> {
    await this.#register.refresh().catch((error: unknown) => this.#fault(error));
    await this.#lists.follow();
    this.#rounds += 1;
  }

  #fault(error: unknown): void {
    this.#faults += 1;
    this.#parts.onFault?.(error);
  }

  /** Lines for Prometheus (text format 0.0.4). */
  metrics(): readonly string[] {
    const now = this.#parts.now();
    const { held, missing, outdated, oldest } = this.#lists.counts();
    const documents = Object.entries(this.#documents.counts());
    return [
      '# TYPE verifier_trust_rounds_total counter', `verifier_trust_rounds_total ${this.#rounds}`,
      '# TYPE verifier_trust_faults_total counter', `verifier_trust_faults_total ${this.#faults}`,
      '# TYPE verifier_trust_rollbacks_total counter', `verifier_trust_rollbacks_total ${this.#register.rollbacks}`,
      '# TYPE verifier_trust_height gauge', `verifier_trust_height ${this.register.snapshot.height}`,
      '# TYPE verifier_trust_age_seconds gauge', `verifier_trust_age_seconds ${this.isReady ? (now - this.register.view.knownAt) / 1000 : 'NaN'}`,
      '# TYPE verifier_status_lists gauge', `verifier_status_lists{state="held"} ${held}`, `verifier_status_lists{state="missing"} ${missing}`, `verifier_status_lists{state="outdated"} ${outdated}`,
      '# TYPE verifier_status_list_oldest_seconds gauge', `verifier_status_list_oldest_seconds ${oldest / 1000}`,
      '# TYPE verifier_did_documents gauge', ...documents.map(([finding, count]) => `verifier_did_documents{finding="${finding}"} ${count}`),
    ];
  }
}

/** Ends early when the worker is closed; never holds up the end of the process. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    timer.unref();
    signal.addEventListener('abort', end);
  });
}
