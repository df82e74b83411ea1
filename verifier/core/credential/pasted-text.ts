/** What somebody pasted where a credential is asked for. */
import { publicCredentialId, revealKey } from '#domain/credential/reveal.js';
import { Problem } from '#domain/errors.js';

/** A printed link: which public record it names, and the key behind the `#` if that came along. */
export interface PastedLink {
  readonly host: string;
  readonly id: string;
  readonly key?: string;
}

/** Longest text that is looked at for white space: a credential and as many line ends again. */
export const LONGEST_PASTE = 131_072;

/**
 * The text without the white space that mail programs and files put between its lines: no credential holds any.
 *
 * @param text at most {@link LONGEST_PASTE} characters; what is longer is cut there, and is no credential either way
 */
export function pastedText(text: string): string {
  return text.slice(0, LONGEST_PASTE).replaceAll(/\s+/g, '');
}

const LINK = /^https?:\/\/([a-z0-9.-]+(?::[0-9]{1,5})?)\/c\/([A-Za-z0-9_-]{22})(?:\?[^#]*)?(?:#([A-Za-z0-9_-]{22}))?$/i;

/**
 * @param text of {@link pastedText}, e.g. `https://id.example.org/c/2GLC42sKQveCfGfryNRN9w#2GLC42sKQveCfGfryNRN9w`
 * @returns `undefined` where it is no such link
 */
export function pastedLink(text: string): PastedLink | undefined {
  const [, host, id, key] = LINK.exec(text.slice(0, 400)) ?? [];
  if (host === undefined || id === undefined || !isRight(publicCredentialId, id)) return undefined;
  return { host: host.toLowerCase(), id, ...(key === undefined || !isRight(revealKey, key) ? {} : { key }) };
}

function isRight(shape: (value: unknown) => string, value: string): boolean {
  try {
    shape(value);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
