/**
 * Watches the peers of a network: which answer, how far each is, which to ask first. What was begun with a peer that
 * turns out to be lost is told so, and goes on with another.
 */
import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.js';
import { LedgerFailure } from './ledger.js';
import type { PeerLink } from './peer-link.js';
import { believedHeight, inAskingOrder, isThere, isUsable, namedEndorsers, type PeerReport, type PeerStanding } from './peer-standing.js';

export interface PeerWatchOptions {
  /** in the order in which they are preferred */
  readonly links: readonly PeerLink[];
  /** whose gateway this is, e.g. `RegulatorMSP` */
  readonly ownOrganisation: string;
  /** Asks one peer how many blocks it has. */
  readonly ask: (link: PeerLink, signal: AbortSignal) => Promise<bigint>;
  readonly clock: Clock;
  /** milliseconds between questions to all peers; absent: they are asked only when somebody wants to know */
  readonly everyMs?: number;
}

interface Watched extends PeerStanding {
  readonly link: PeerLink;
  reachable: boolean;
  silent: boolean;
  height: bigint | undefined;
  behind: boolean;
  distrusted: boolean;
  distrustedUntil: number;
  asking: boolean;
  /** when it answered anything the last time */
  heardAt: number;
  /** aborted when the peer is not to be waited for any longer */
  lost: AbortController;
  /** aborted when it is lost, or is left behind by the others */
  outrun: AbortController;
}

/** A peer that has not answered by then is not waited for. */
const ANSWER_MS = 2000;
const DISTRUST_MS = 60_000;
/** A peer is behind when it lacks what the ledger had so many rounds ago. */
const ROUNDS_BEHIND = 2;

export class PeerWatch {
  readonly #options: PeerWatchOptions;
  readonly #watched: readonly Watched[];
  readonly #closing = new AbortController();
  readonly #questions = new Set<AbortController>();
  /** the ledger's height at the end of the last rounds, the oldest first */
  #heights: bigint[] = [];
  #order: readonly Watched[];
  #askedAt = -Infinity;

  constructor(options: PeerWatchOptions) {
    this.#options = options;
    this.#watched = options.links.map((link) => ({
      link, organisation: link.peer.mspId, own: link.peer.mspId === options.ownOrganisation, reachable: true, silent: false, height: undefined, behind: false, distrusted: false, distrustedUntil: 0, asking: false, heardAt: -Infinity, lost: lossSignal(), outrun: lossSignal(),
    }));
    this.#order = this.#watched;
    if (options.everyMs !== undefined) void this.#askUntilClosed(options.everyMs);
  }

  /** The peers to ask, the best in front. A silent one would be waited for, so it is among them only where all are. */
  links(): readonly PeerLink[] {
    const speaking = this.#order.filter(({ silent }) => !silent);
    return (speaking.length === 0 ? this.#order : speaking).map(({ link }) => link);
  }

  /** Aborted when this peer is lost while another one could be asked. */
  lost(link: PeerLink): AbortSignal {
    return this.#of(link).lost.signal;
  }

  /** Aborted when this peer is lost, or falls behind, while another one could be asked: for whoever follows its blocks. */
  outrun(link: PeerLink): AbortSignal {
    return this.#of(link).outrun.signal;
  }

  /** It did not even refuse when it was last asked. */
  isSilent(link: PeerLink): boolean {
    return this.#of(link).silent;
  }

  report(): readonly PeerReport[] {
    return this.#watched.map(({ link, organisation, own, reachable, silent, height, behind, distrusted }) => ({ address: link.peer.address, organisation, own, reachable, silent, height, behind, distrusted }));
  }

  /** @param least how many organisations endorse at the least; @returns as `namedEndorsers` */
  endorsers(least: number): readonly string[] | undefined {
    return namedEndorsers(this.#watched, least);
  }

  /** A call to this peer failed, for its own fault or another's: it is asked at once whether it is there. */
  async suspect(link: PeerLink): Promise<void> {
    const watched = this.#of(link);
    if (watched.asking) return;
    await this.#askOne(watched).catch(() => undefined);
    this.#arrange();
  }

  /** This peer has answered a call: whatever else it owes, it is busy and not silent. */
  heard(link: PeerLink): void {
    this.#of(link).heardAt = this.#options.clock.now();
  }

  /** This peer delivered a block that must not be believed. */
  distrust(link: PeerLink): void {
    const watched = this.#of(link);
    watched.distrusted = true;
    watched.distrustedUntil = this.#options.clock.now() + DISTRUST_MS;
    this.#arrange();
  }

  /**
   * Asks all peers.
   *
   * @returns how many blocks the ledger has
   * @throws LedgerFailure where too few answer for it to be believed
   */
  async height(): Promise<bigint> {
    const [cause] = await this.#askAll();
    const height = believedHeight(this.#watched);
    if (height !== undefined) return height;
    throw cause instanceof Error ? cause : new LedgerFailure({ stage: 'evaluate', retry: 'new-id', code: 'UNAVAILABLE' }, 'too few peers answer');
  }

  close(): void {
    this.#closing.abort();
    for (const question of this.#questions) question.abort();
  }

  async #askUntilClosed(everyMs: number): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // Whoever asks for the height has asked all peers on the way.
      if (clock.now() - this.#askedAt >= everyMs) await this.#askAll();
      await clock.wait(everyMs, signal);
    }
  }

  async #askAll(): Promise<unknown[]> {
    this.#askedAt = this.#options.clock.now();
    const answers = await Promise.allSettled(this.#watched.map((watched) => this.#askOne(watched)));
    this.#noteHeight();
    return answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  }

  async #askOne(watched: Watched): Promise<void> {
    const question = new AbortController();
    this.#questions.add(question);
    watched.asking = true;
    const askedAt = this.#options.clock.now();
    const late = this.#patience(question);
    try {
      watched.height = await this.#options.ask(watched.link, question.signal);
      watched.reachable = true;
      watched.silent = false;
    } catch (error) {
      const timedOut = question.signal.aborted;
      watched.reachable = timedOut && watched.heardAt > askedAt;
      watched.silent = timedOut && !watched.reachable;
      throw error;
    } finally {
      watched.asking = false;
      this.#questions.delete(question);
      question.abort();
      await late;
    }
  }

  /** In two parts: where this process itself was too busy to read, answers that are there are read in between. */
  async #patience(question: AbortController): Promise<void> {
    const { clock } = this.#options;
    await clock.wait(ANSWER_MS / 2, question.signal);
    await clock.wait(ANSWER_MS / 2, question.signal);
    question.abort();
  }

  #noteHeight(): void {
    const height = believedHeight(this.#watched);
    if (height !== undefined) this.#heights = [...this.#heights, height].slice(-ROUNDS_BEHIND - 1);
    this.#arrange();
  }

  #arrange(): void {
    const [past] = this.#heights.length > ROUNDS_BEHIND ? this.#heights : [];
    const now = this.#options.clock.now();
    for (const watched of this.#watched) {
      watched.behind = past !== undefined && watched.height !== undefined && watched.height < past;
      watched.distrusted = watched.distrusted && now < watched.distrustedUntil;
    }
    this.#order = inAskingOrder(this.#watched);
    this.#tellLost();
  }

  /** Where no peer is any good, each goes on with the one it has. What a busy peer was asked is not asked once more elsewhere. */
  #tellLost(): void {
    const another = this.#watched.some(isUsable);
    for (const watched of this.#watched) {
      watched.lost = told(watched.lost, another && !isThere(watched));
      watched.outrun = told(watched.outrun, another && !isUsable(watched));
    }
  }

  #of(link: PeerLink): Watched {
    const found = this.#watched.find((one) => one.link === link);
    if (found === undefined) throw new TypeError('a link of another network');
    return found;
  }
}

/** @returns the signal that is given, or a new one once that is over */
function told(signal: AbortController, given: boolean): AbortController {
  if (given) signal.abort();
  return !given && signal.signal.aborted ? lossSignal() : signal;
}

/** As many calls as are under way listen to it. */
function lossSignal(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
