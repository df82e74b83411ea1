/**
 * A test of determinism: one transaction, run in two surroundings. Peers of several organisations must come to the same
 * bytes, although their clocks, time zones and languages differ; whatever a contract takes from there shows up here.
 *
 * The surroundings are those of the running simulation alone (`AsyncLocalStorage`); the rest of the process keeps its own.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** What a contract could find around it. */
interface Surroundings {
  readonly clockOffsetMs: number;
  /** Minutes that local time is ahead of UTC. */
  readonly zoneMinutes: number;
  /** A language with its own order of letters and its own numbers, e.g. `sv-SE`. */
  readonly locale: string;
}

const HERE: Surroundings = { clockOffsetMs: 0, zoneMinutes: 7 * 60, locale: 'vi-VN' };
const ELSEWHERE: Surroundings = { clockOffsetMs: 41 * 24 * 60 * 60_000 + 3_723_456, zoneMinutes: -9 * 60 - 30, locale: 'sv-SE' };

const current = new AsyncLocalStorage<Surroundings>();
let installed = false;

/**
 * Runs `run` in both surroundings, one after the other.
 *
 * @param difference names what differs between two results, or gives `undefined`
 * @returns the first result
 * @throws Error if there is a difference
 */
export async function runTwice<T>(run: () => Promise<T>, difference: (a: T, b: T) => string | undefined): Promise<T> {
  if (!installed) installSkewedGlobals();
  installed = true;
  const first = await current.run(HERE, run);
  const second = await current.run(ELSEWHERE, run);
  const what = difference(first, second);
  if (what !== undefined) throw new Error(`ProposalResponsePayloads do not match: the transaction is not deterministic, its ${what} depends on the surroundings`);
  return first;
}

/** Replaces what tells time, zone or language; outside of a simulation everything answers as before. */
function installSkewedGlobals(): void {
  globalThis.Date = skewedDate(Date);
  const now = performance.now.bind(performance);
  performance.now = () => now() + offsetMs();
  skewLocale(String.prototype, 'localeCompare', 1);
  skewLocale(String.prototype, 'toLocaleUpperCase', 0);
  skewLocale(String.prototype, 'toLocaleLowerCase', 0);
  skewLocale(Number.prototype, 'toLocaleString', 0);
  skewLocale(BigInt.prototype, 'toLocaleString', 0);
  for (const name of ['Collator', 'DateTimeFormat', 'NumberFormat', 'PluralRules', 'ListFormat'] as const) skewIntl(name);
}

const offsetMs = (): number => current.getStore()?.clockOffsetMs ?? 0;

/** Gives `method` the surroundings' language where the caller named none; `at` is the place of that parameter. */
function skewLocale(prototype: object, method: string, at: number): void {
  const original = Reflect.get(prototype, method) as (...parameters: unknown[]) => unknown;
  Reflect.set(prototype, method, function skewed(this: unknown, ...parameters: unknown[]): unknown {
    const locale = current.getStore()?.locale;
    if (locale !== undefined && parameters[at] === undefined) parameters[at] = locale;
    return original.apply(this, parameters);
  });
}

function skewIntl(name: 'Collator' | 'DateTimeFormat' | 'NumberFormat' | 'PluralRules' | 'ListFormat'): void {
  const Original = Intl[name] as unknown as new (locales?: unknown, options?: unknown) => object;
  const construct = (target: typeof Original, [locales, options]: unknown[], newTarget: object): object =>
    Reflect.construct<unknown[], object>(target, [locales ?? current.getStore()?.locale, options], newTarget as new () => object);
  Reflect.set(Intl, name, new Proxy(Original, { construct, apply: (target, _, parameters: unknown[]) => construct(target, parameters, target) }));
}

/** Local getters of a date, and the UTC ones that answer for them on a shifted copy. */
const LOCAL_GETTERS = ['getFullYear', 'getMonth', 'getDate', 'getDay', 'getHours', 'getMinutes'] as const;
const LOCAL_TEXTS = ['toString', 'toDateString', 'toTimeString', 'toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'] as const;

function skewedDate(RealDate: DateConstructor): DateConstructor {
  class SkewedDate extends RealDate {
    constructor(...parameters: unknown[]) {
      super(...(parameters.length === 0 ? [RealDate.now() + offsetMs()] : parameters) as []);
    }

    static override now(): number {
      return RealDate.now() + offsetMs();
    }

    /** Dates made before this class was put in place are dates too. */
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Function.prototype[Symbol.hasInstance].call(RealDate, value);
    }

    override getTimezoneOffset(): number {
      const zone = current.getStore()?.zoneMinutes;
      return zone === undefined ? super.getTimezoneOffset() : -zone;
    }
  }
  for (const name of LOCAL_GETTERS) overrideLocal(RealDate, SkewedDate, name, (shifted) => shifted[name.replace('get', 'getUTC') as 'getUTCHours']());
  for (const name of LOCAL_TEXTS) overrideLocal(RealDate, SkewedDate, name, (shifted) => `${shifted.toISOString()} ${current.getStore()?.locale ?? ''}`);
  return new Proxy(SkewedDate as DateConstructor, { apply: () => new SkewedDate().toString() });
}

/** Answers `name` out of a copy shifted by the surroundings' zone; outside of a simulation, as always. */
function overrideLocal(RealDate: DateConstructor, target: { prototype: Date }, name: string, local: (shifted: Date) => unknown): void {
  const original = Reflect.get(RealDate.prototype, name) as (...parameters: unknown[]) => unknown;
  Reflect.set(target.prototype, name, function skewed(this: Date, ...parameters: unknown[]): unknown {
    const zone = current.getStore()?.zoneMinutes;
    return zone === undefined ? original.apply(this, parameters) : local(new RealDate(this.getTime() + zone * 60_000));
  });
}
