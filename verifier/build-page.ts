/** Bundles the page's script into one file. Run from the compiled tree: `node dist/verifier/build-page.js`. */
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
        return { ...await builder.resolve(path, { ...rest, pluginData: 'seen' }), sideEffects: false };
      }),
    }],
  };
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] === here) {
  await build(pageBundle(here.replace(/build-page\.js$/, 'page/page.js'), here.replace(/build-page\.js$/, 'page.js')));
}
