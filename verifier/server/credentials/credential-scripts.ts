/** The scripts of the credential pages: one for each page in each language, so that no page loads words that it does not show. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../core/goods/language.js';
import { type PageScript, pageScript } from '../page-script.js';

const FILES = { 'printed-vi.js': true, 'printed-en.js': true, 'pasted-vi.js': true, 'pasted-en.js': true } as const;

export type CredentialScriptFile = keyof typeof FILES;
export type CredentialScripts = Readonly<Record<CredentialScriptFile, PageScript>>;

/** The pages that have a script. */
export type ScriptedPage = 'printed' | 'pasted';

/** Folder of the site in which they are served. */
export const SCRIPT_FOLDER = '/credentials';

/**
 * Reads what `build-page` made.
 *
 * @param folder e.g. `dist/verifier`
 * @throws Error with the file system's code if one is not there
 */
export async function loadCredentialScripts(folder: string): Promise<CredentialScripts> {
  const loaded = await Promise.all(Object.keys(FILES).map(async (file) => [file, pageScript(await readFile(join(folder, file), 'utf8'), `${SCRIPT_FOLDER}/${file}`)] as const));
  return Object.fromEntries(loaded) as unknown as CredentialScripts;
}

/** The script of one page in one language; `undefined` where none were built. */
export function scriptOf(scripts: CredentialScripts | undefined, page: ScriptedPage, language: Language): PageScript | undefined {
  return scripts?.[`${page}-${language}.js`];
}

/** @param file as asked for, e.g. `printed-vi.js` */
export function scriptNamed(scripts: CredentialScripts | undefined, file: string): PageScript | undefined {
  return Object.hasOwn(FILES, file) ? scripts?.[file as CredentialScriptFile] : undefined;
}
