/** The scripts of the credential pages, built from what is not compiled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CREDENTIAL_BUNDLES, pageBundle } from '../../../verifier/build-page.js';
import { type CredentialScripts, loadCredentialScripts } from '../../../verifier/server/credentials/credential-scripts.js';

export async function builtCredentialScripts(): Promise<CredentialScripts> {
  const folder = await mkdtemp(join(tmpdir(), 'minhchung-scripts-'));
  try {
    await Promise.all(CREDENTIAL_BUNDLES.map(({ page, language, file }) => build(pageBundle(`verifier/page/credentials/${page}.ts`, join(folder, file), ['source'], language))));
    return await loadCredentialScripts(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
