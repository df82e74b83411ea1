/** Starts the issuer alone; the gateway is asked over HTTP. Settings come from the environment. */
import { Problem } from '#domain/errors.js';
import { withBatches } from './batches/add-batches.js';
import { loadIssuerConfig } from './config.js';
import { httpGateway } from './ledger/gateway-api.js';
import { startIssuer } from './start.js';

async function run(): Promise<void> {
  const settings = loadIssuerConfig(process.env);
  const stop = (): void => void process.kill(process.pid, 'SIGTERM');
  const gateway = httpGateway({ origin: settings.gateway, patience: settings.gatewayPatienceMs });
  const issuer = await startIssuer(settings, {
    gateway, more: withBatches(gateway),
    onFailure: (error) => {
      process.stderr.write(`disk error, stopping: ${error.message}\n`);
      process.exitCode = 1;
      stop();
    },
  });
  const address = await issuer.app.listen({ host: settings.host, port: settings.port });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void issuer.close());
  process.stdout.write(`issuer ${address}\n`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(error instanceof Problem ? `${error.message}\n` : `${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exit(1);
}
