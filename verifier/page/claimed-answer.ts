/** The server's answer for machines, as far as a browser can take it for well-formed before it is proven. */
import type { PublicItem, TrustRoots } from '#domain/goods/public-item.js';

export interface ClaimedAnswer extends PublicItem {
  readonly state: string;
  readonly address: string;
  readonly checkedAt: string;
  readonly results: Readonly<Record<string, { readonly result: unknown; readonly code?: unknown }>>;
  readonly receipt: string | undefined;
  readonly lot: (PublicItem & { readonly receipt: string | undefined }) | undefined;
  readonly trust: TrustRoots | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads what is needed. What stands inside a dossier is not looked at: a receipt proves it to the letter, and without
 * a receipt nothing is made of it.
 *
 * @returns `undefined` for anything else than an answer of which something was known
 */
export function readClaimedAnswer(value: unknown): ClaimedAnswer | undefined {
  const answer = members(value) ?? {};
  const item = readItem(value);
  const results = members(answer['report']);
  const said = [members(answer['band'])?.['state'], answer['address'], answer['checkedAt']];
  if (item === undefined || results === undefined || !areTexts(said)) return undefined;
  const [state = '', address = '', checkedAt = ''] = said;
  return {
    ...item, state, address, checkedAt,
    results: results as ClaimedAnswer['results'],
    lot: readItem(answer['lot']),
    trust: readTrust(answer['trust']),
  };
}

function areTexts(values: readonly unknown[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string');
}

type ClaimedItem = PublicItem & { readonly receipt: string | undefined };

function readItem(value: unknown): ClaimedItem | undefined {
  const found = members(value);
  const dossier = members(found?.['dossier']);
  const asOf = members(found?.['asOf']);
  if (dossier === undefined || asOf === undefined) return undefined;
  const isItem = text(dossier['item']) !== undefined && Array.isArray(dossier['inside']) && Array.isArray(dossier['organisations']) && text(asOf['knownAt']) !== undefined;
  return isItem ? { dossier, journey: [], asOf, receipt: text(found?.['receipt']) } as unknown as ClaimedItem : undefined;
}

/** @returns `undefined` for anything that receipts cannot be checked against */
export function readTrust(value: unknown): TrustRoots | undefined {
  const trust = members(value);
  if (trust === undefined) return undefined;
  const isNamed = text(trust['channel']) !== undefined && text(trust['chaincode']) !== undefined;
  const isTrust = isNamed && Number.isSafeInteger(trust['minimumOrganisations']) && areTextLists(trust['roots']) && areTextLists(trust['revocationLists'] ?? {});
  return isTrust ? trust as unknown as TrustRoots : undefined;
}

/** Lists of texts by name. */
function areTextLists(value: unknown): boolean {
  const lists = members(value);
  return lists !== undefined && Object.values(lists).every((list) => Array.isArray(list) && areTexts(list));
}

function members(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Members : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
