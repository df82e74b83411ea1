/**
 * Fetches everything that credentials are judged by before anybody asks: the trust registry, the status lists of its
 * issuers, their DID documents. No request waits for it, and what fails leaves what is there, growing old visibly.
 */
import type { StatusPurpose } from '#domain/credential/status-list.js';
import type { Did } from '#domain/trust/did.js';
import type { KnownStatus } from '../core/credential/status-checks.js';
import { DidDocumentKeeper, type DidDocumentFinding } from './credentials/did-document-keeper.js';
import type { TrustSource } from './credentials/credential-sources.js';
import { type KnownRegister, RegisterCopy } from './credentials/register-copy.js';
import { type HeldList, StatusKeeper, type StatusKeeperParts } from './credentials/status-keeper.js';

export interface TrustWorkerParts extends Omit<StatusKeeperParts, 'onFault'> {
  readonly trust: TrustSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Is told of everything that could not be had. */
  readonly onFault?: (error: unknown) => void;
  /** Milliseconds between the end of one round and the beginning of the next; 3000 unless stated. */
  readonly everyMs?: number;
}

const EVERY_MS = 3_000;

export class TrustWorker {
  readonly #parts: TrustWorkerParts;
  readonly #register: RegisterCopy;
  readonly #lists: StatusKeeper;
  readonly #documents: DidDocumentKeeper;
  readonly #closing = new AbortController();
  #underWay: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #rounds = 0;
  #faults = 0;

  constructor(parts: TrustWorkerParts) {
    this.#parts = parts;
    this.#register = new RegisterCopy(parts.trust);
    const onFault = (error: unknown): void => this.#fault(error);
    this.#lists = new StatusKeeper({ ...parts, onFault });
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
  want(url: string, purpose: StatusPurpose): void {
    this.#lists.want({ url, purpose }, this.register);
  }

  /** One round; who asks while it is under way waits for the same. Never rejects for what could not be had. */
  round(): Promise<void> {
    this.#underWay ??= this.#work().finally(() => { this.#underWay = undefined; });
    return this.#underWay;
  }

  /** Rounds from now on, until `close`. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Returns when the round under way is over. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#underWay;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.round().catch((error: unknown) => this.#fault(error));
      await pause(this.#parts.everyMs ?? EVERY_MS, this.#closing.signal);
    }
  }

  async #work(): Promise<void> {
    const isNew = await this.#refreshRegister();
    await Promise.all([
      this.#lists.refresh(this.register, isNew, this.#parts.now()),
      this.#documents.refresh(this.register, isNew, this.#parts.now()),
    ]);
    this.#rounds += 1;
  }

  async #refreshRegister(): Promise<boolean> {
    try {
      return await this.#register.refresh();
    } catch (error) {
      this.#fault(error);
      return false;
    }
  }

  #fault(error: unknown): void {
    this.#faults += 1;
    this.#parts.onFault?.(error);
  }

  /** Lines for Prometheus (text format 0.0.4). */
  metrics(): readonly string[] {
    const now = this.#parts.now();
    const { held, missing, outdated, oldest } = this.#lists.counts(this.register, now);
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
