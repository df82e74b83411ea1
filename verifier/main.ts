/** Starts the verifier alone, beside a gateway that is reached over HTTP: `node dist/verifier/main.js`. */
import { Problem } from '#domain/errors.js';
import { loadCredentialScripts } from './server/credentials/credential-scripts.js';
import { loadVerifierConfig } from './server/config.js';
import { loadPageScript } from './server/page-script.js';
import { verifierAlone } from './server/start-alone.js';

try {
  const settings = loadVerifierConfig(process.env);
  const app = verifierAlone(settings, await loadPageScript(new URL('page.js', import.meta.url).pathname), await loadCredentialScripts(new URL('.', import.meta.url).pathname));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
  process.stdout.write(`verifier: ${await app.listen({ host: settings.host, port: settings.port })}, gateway: ${settings.gateway}\n`);
} catch (error) {
  process.stderr.write(error instanceof Problem ? `${error.message}\n` : `${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exit(1);
}
