/** Bundles the scripts of the pages, a file each. Run from the compiled tree: `node dist/verifier/build-page.js`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';

const OURS = /^(?:\.{1,2}\/|#domain\/)/;

/**
 * How the script is made from its source, compiled or not.
 *
 * @param entry e.g. `verifier/page/page.ts`
 * @param outfile e.g. `dist/verifier/page.js`
 * @param conditions of package imports, `['source']` to build from what is not compiled
 * @param language the only one that the script will speak; both unless stated
 */
export function pageBundle(entry: string, outfile: string, conditions: string[] = [], language?: 'vi' | 'en'): BuildOptions {
  return {
    entryPoints: [entry], outfile, conditions,
    bundle: true, minify: true, format: 'esm', platform: 'browser',
    target: ['es2022', 'chrome100', 'firefox100', 'safari15.4'],
    charset: 'utf8', legalComments: 'none', logLevel: 'warning',
    plugins: [{
      name: 'modules-without-side-effects',
      // Every module of ours only declares: what the page does not use of the rules need not be sent to it.
      setup: (builder) => builder.onResolve({ filter: OURS }, async ({ path, pluginData, ...rest }) => {
        if (pluginData === 'seen') return undefined;
        const found = await builder.resolve(path, { ...rest, pluginData: 'seen' });
        return { ...found, path: lighter(found.path), sideEffects: false };
      }),
    }, ...(language === undefined ? [] : [inOneLanguage(language)])],
  };
}

/** The scripts of the credential pages, each in each language: `printed-vi.js`, … */
export const CREDENTIAL_BUNDLES = (['printed', 'pasted'] as const).flatMap((page) => (['vi', 'en'] as const).map((language) => ({ page, language, file: `${page}-${language}.js` })));

/** The sentences of all refusals take more than all the rest, and a short cut and a memory are for thousands of credentials. */
const LIGHTER: readonly (readonly [RegExp, string])[] = [
  [/\/domain\/errors\.(ts|js)$/, '/verifier/page/credentials/problem-codes.$1'],
  [/\/verifier\/core\/credential\/known-payload\.(ts|js)$/, '/verifier/page/credentials/no-short-cut.$1'],
  [/\/verifier\/core\/credential\/credential-memory\.(ts|js)$/, '/verifier/page/credentials/no-memory.$1'],
];

/** What stands in a script instead of a module: the same to whoever imports it. */
function lighter(path: string): string {
  return LIGHTER.reduce((found, [heavy, light]) => found.replace(heavy, light), path);
}

/** Both languages of one text, written out. What is written otherwise keeps both. */
const PAIR = /\b(words|say)\(('(?:[^'\\\n]|\\.)*'), ('(?:[^'\\\n]|\\.)*')\)/g;

/**
 * What a refusal is about. These pages say a code's sentence and nothing else; only the name of an unknown member is looked at
 * again, by `payload-members.ts`.
 */
const REFUSAL_FACTS = /('(?!FIELD_UNKNOWN')[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+'), \{(?:[^{}]|\$\{[^{}]*\})*\}\)/g;

/** A row of `substance-rows.ts`: id, English and Vietnamese name, and four numbers that no page shows. */
const SUBSTANCE = /^(\s*\['[^']*'), ('(?:[^'\\\n]|\\.)*'), ('(?:[^'\\\n]|\\.)*')(?:, '[^']*'){4}\],$/gm;

/** The name that a page in one language shows: the English one also where there is no Vietnamese. */
function substanceRow(language: 'vi' | 'en'): (row: string, id: string, en: string, vi: string) => string {
  return (_, id, en, vi) => (language === 'vi' && vi !== "''" ? `${id}, '', ${vi}],` : `${id}, ${en}, ''],`);
}

/** A page is in one language, and so need its script be. */
function inOneLanguage(language: 'vi' | 'en'): Plugin {
  const one = language === 'vi' ? '$1($2)' : '$1(0, $3)';
  return {
    name: 'one-language',
    setup: (builder) => builder.onLoad({ filter: /\/(?:domain|verifier)\/.*\.(?:ts|js)$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(PAIR, one).replaceAll(REFUSAL_FACTS, '$1)').replaceAll(SUBSTANCE, substanceRow(language)),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    })),
  };
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] === here) {
  const beside = (path: string): string => here.replace(/build-page\.js$/, path);
  await build(pageBundle(beside('page/page.js'), beside('page.js')));
  for (const { page, language, file } of CREDENTIAL_BUNDLES) await build(pageBundle(beside(`page/credentials/${page}.js`), beside(file), [], language));
}
