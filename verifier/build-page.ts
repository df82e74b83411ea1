/** Bundles the scripts of the pages, a file each. Run from the compiled tree: `node dist/verifier/build-page.js`. */
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

const OURS = /^(?:\.{1,2}\/|#domain\/)/;

/**
 * How the script is made from its source, compiled or not.
 *
 * @param entry e.g. `verifier/page/page.ts`
 * @param outfile e.g. `dist/verifier/page.js`
 * @param conditions of package imports, `['source']` to build from what is not compiled
 */
export function pageBundle(entry: string, outfile: string, conditions: string[] = []): BuildOptions {
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
        return { ...found, path: withoutSentences(found.path), sideEffects: false };
      }),
    }],
  };
}

/** The sentences of all refusals take more than all the rest: scripts have the codes alone. */
function withoutSentences(path: string): string {
  return path.replace(/\/domain\/errors\.(ts|js)$/, '/verifier/page/credentials/problem-codes.$1');
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] === here) {
  const beside = (path: string): string => here.replace(/build-page\.js$/, path);
  await build(pageBundle(beside('page/page.js'), beside('page.js')));
  await build(pageBundle(beside('page/credentials/credential-page.js'), beside('credential-page.js')));
}
