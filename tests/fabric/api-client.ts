/** An enterprise's own program, as it should be written: every write has a key of its own, and is asked again until it is known. */
import { setTimeout as pause } from 'node:timers/promises';

export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Accepted and not known yet; the ledger cannot be reached. */
const UNDECIDED = new Set([202, 503]);
const DONE = new Set([200, 201]);

const ANSWER_MS = 20_000;
const PATIENCE_MS = 120_000;
const RETRY_PAUSE_MS = 100;

export class ApiClient {
  readonly #address: () => string;
  readonly #key: string;
  /** how often an answer was no answer: the gateway was away, or did not know */
  doubts = 0;

  /** @param address of the gateway by now, e.g. `http://127.0.0.1:8081`: it may come back on another port */
  constructor(address: () => string, key: string) {
    this.#address = address;
    this.#key = key;
  }

  /**
   * Writes once, however often it has to ask.
   *
   * @param name the request's Idempotency-Key
   * @returns what the contract answered
   * @throws Error for a refusal, and if nothing is known after two minutes
   */
  async write(name: string, path: string, body: unknown): Promise<ApiAnswer['body']> {
    const end = performance.now() + PATIENCE_MS;
    let last: ApiAnswer | undefined;
    for (let key = name; performance.now() < end; await pause(RETRY_PAUSE_MS)) {
      last = await this.#ask(path, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': key }, body: JSON.stringify(body) });
      if (last !== undefined && DONE.has(last.status)) return last.body;
      // It has and will have no effect, and the key stands for that: the same again is another request.
      if (last?.body['code'] === 'LEDGER_CONFLICT') key += '+';
      else if (last !== undefined && !UNDECIDED.has(last.status)) break;
      this.doubts++;
    }
    throw new Error(`${name} is not acknowledged: ${JSON.stringify(last)}`);
  }

  async read(path: string): Promise<ApiAnswer> {
    const answer = await this.#ask(path, { method: 'GET', headers: {} });
    if (answer === undefined) throw new Error(`nobody answers for ${path}`);
    return answer;
  }

  /** `undefined` if there was no answer. */
  async #ask(path: string, { headers, ...request }: { method: string; headers: Record<string, string>; body?: string }): Promise<ApiAnswer | undefined> {
    try {
      const answer = await fetch(this.#address() + path, { ...request, headers: { authorization: `Bearer ${this.#key}`, ...headers }, signal: AbortSignal.timeout(ANSWER_MS) });
      return { status: answer.status, body: await answer.json() as ApiAnswer['body'] };
    } catch {
      return undefined;
    }
  }
}
