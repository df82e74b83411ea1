/** Settings of a program: from texts to typed values, every mistake told at once. The environment itself is not read here. */
import { Problem } from './errors.js';
import { isIpNetwork } from './ip-network.js';

export interface Setting<T> {
  /** As it would stand in the environment where it is absent there. */
  readonly fallback: string;
  readonly meaning: string;
  /** Throws RangeError with what was expected. */
  readonly read: (text: string) => T;
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;
export type SettingValues<S extends SettingTable> = { readonly [K in keyof S]: ReturnType<S[K]['read']> };

export function setting<T>(fallback: string, meaning: string, read: Setting<T>['read']): Setting<T> {
  return { fallback, meaning, read };
}

/** Any text that is there. */
export function anyText(value: string): string {
  if (value === '') throw new RangeError('text, not empty');
  return value;
}

/** A whole number between two bounds, written in digits. */
export const wholeFrom = (least: number, most: number) => (value: string): number => {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
  if (number < least || number > most) throw new RangeError(`whole number ${least} to ${most}`);
  return number;
};

/** e.g. `10.0.0.1, fd00::/8`; nothing for none. */
export function networks(value: string): readonly string[] {
  const list = value.split(',').map((one) => one.trim()).filter((one) => one !== '');
  if (!list.every(isIpNetwork)) throw new RangeError('addresses or networks, with commas between them');
  return list;
}

/**
 * @param table the settings that there are
 * @param env e.g. `{ GATEWAY_PORT: '8081' }`
 * @param prefix of every name in the table, e.g. `GATEWAY_`: a name with it that is not in the table is misspelt, and
 *   would silently do nothing
 * @throws Problem SETTING_WRONG with one field for each setting that is wrong, e.g. `GATEWAY_PORT`: what was expected
 */
export function readSettings<S extends SettingTable>(table: S, env: Readonly<Record<string, string | undefined>>, prefix: string): SettingValues<S> {
  const wrong: Record<string, string> = {};
  const values = Object.fromEntries(Object.entries(table).map(([name, one]) => [name, valueOf(one, env[name], (expected) => { wrong[name] = expected; })]));
  for (const name of Object.keys(env)) {
    if (name.startsWith(prefix) && !Object.hasOwn(table, name)) wrong[name] = 'no such setting';
  }
  if (Object.keys(wrong).length > 0) throw new Problem('SETTING_WRONG', wrong);
  return values as SettingValues<S>;
}

function valueOf({ fallback, read }: Setting<unknown>, text: string | undefined, refuse: (expected: string) => void): unknown {
  try {
    return read(text ?? fallback);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
