/** Requests that are made in one breath, answered together. */

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** What is asked for at once, at most: Fabric's own bounds for its clients (`chaincode.runtimeParams`), and one for memory. */
const MOST_REQUESTS = 1000;
const MOST_BYTES = 4 * 1024 * 1024;

/** Sends requests; answers in their order. */
export type SendAll<Request, Answer> = (requests: readonly Request[]) => Promise<readonly Answer[]>;

export class Gathering<Request extends { readonly bytes: number }, Answer> {
  readonly #send: SendAll<Request, Answer>;
  #waiting: Waiting<Request, Answer>[] = [];

  constructor(send: SendAll<Request, Answer>) {
    this.#send = send;
  }

  /** @returns the answer to this request; it is sent when whatever runs now waits for something */
  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // After the promises that are settled by now, whose callers may ask for more.
      if (this.#waiting.length === 0) process.nextTick(() => this.#sendWaiting());
      this.#waiting.push({ request, resolve, reject });
    });
  }

  #sendWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const part of partsOf(waiting)) void this.#sendPart(part);
  }

  async #sendPart(part: readonly Waiting<Request, Answer>[]): Promise<void> {
    try {
      const answers = await this.#send(part.map(({ request }) => request));
      if (answers.length !== part.length) throw new Error(`the peer answered ${answers.length} of ${part.length} requests`);
      for (const [index, answer] of answers.entries()) part[index]?.resolve(answer);
    } catch (error) {
      for (const { reject } of part) reject(error);
    }
  }
}

function* partsOf<Request extends { readonly bytes: number }, Answer>(waiting: readonly Waiting<Request, Answer>[]): Generator<readonly Waiting<Request, Answer>[]> {
  let from = 0;
  let bytes = 0;
  for (const [index, { request }] of waiting.entries()) {
    if (index > from && (index - from >= MOST_REQUESTS || bytes + request.bytes > MOST_BYTES)) {
      yield waiting.slice(from, index);
      from = index;
      bytes = 0;
    }
    bytes += request.bytes;
  }
  if (from < waiting.length) yield waiting.slice(from);
}
