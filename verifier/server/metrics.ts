/** Counts for Prometheus (text format 0.0.4). */
import type { CredentialState } from '../core/credential/band.js';
import type { BandState } from '../core/goods/band.js';
import type { Format } from './negotiation.js';

/** Upper bounds in seconds. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5] as const;

export class Metrics {
  readonly #answers = new Map<string, number>();
  readonly #credentials = new Map<string, number>();
  readonly #more: (() => readonly string[])[] = [];
  readonly #buckets: number[] = BUCKETS.map(() => 0);
  #count = 0;
  #sum = 0;
  #faults = 0;

  /** One scan was answered. Nothing about who asked, nor for what. */
  answered(state: BandState, format: Format): void {
    const labels = `state="${state}",format="${format}"`;
    this.#answers.set(labels, (this.#answers.get(labels) ?? 0) + 1);
  }

  /** One credential was judged. Nothing about which. */
  judged(state: CredentialState, format: Format): void {
    const labels = `state="${state}",format="${format}"`;
    this.#credentials.set(labels, (this.#credentials.get(labels) ?? 0) + 1);
  }

  /** Lines that somebody else counts. */
  alsoTell(lines: () => readonly string[]): void {
    this.#more.push(lines);
  }

  /** One request took so many seconds. */
  took(seconds: number): void {
    this.#count += 1;
    this.#sum += seconds;
    for (const [at, bound] of BUCKETS.entries()) {
      if (seconds <= bound) this.#buckets[at] = (this.#buckets[at] ?? 0) + 1;
    }
  }

  /** The register, or something of ours, did not do what it should. */
  fault(): void {
    this.#faults += 1;
  }

  text(): string {
    return [
      '# TYPE verifier_scans_total counter',
      ...[...this.#answers].map(([labels, count]) => `verifier_scans_total{${labels}} ${count}`),
      '# TYPE verifier_credentials_total counter',
      ...[...this.#credentials].map(([labels, count]) => `verifier_credentials_total{${labels}} ${count}`),
      '# TYPE verifier_faults_total counter',
      `verifier_faults_total ${this.#faults}`,
      '# TYPE verifier_request_seconds histogram',
      ...BUCKETS.map((bound, at) => `verifier_request_seconds_bucket{le="${bound}"} ${this.#buckets[at] ?? 0}`),
      `verifier_request_seconds_bucket{le="+Inf"} ${this.#count}`,
      `verifier_request_seconds_sum ${this.#sum}`,
      `verifier_request_seconds_count ${this.#count}`,
      ...this.#more.flatMap((lines) => lines()),
      '',
    ].join('\n');
  }
}
