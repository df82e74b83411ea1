/** Serves contracts to the organisation's own peer, over mutual TLS, through fabric-shim's server. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '#domain/errors.js';
import { startChaincodeServer, type ContractClass } from '../shim/fabric-shim-parts.js';
import { codeDigest } from './code-digest.js';
import { OTHER_CODE, type ServerOrder } from './server-order.js';

/**
 * Runs until it is told to stop, or until the keeper that started it is gone.
 *
 * @param contracts classes as a peer would load them; the first one is the default contract
 * @param entry path of the program itself, whose code is compared with what it was started for
 * @param orderFile path of `server.json`
 */
export async function runChaincodeServer(contracts: readonly ContractClass[], entry: string, orderFile: string): Promise<void> {
  try {
    const order = JSON.parse(await readFile(orderFile, 'utf8')) as ServerOrder;
    await assertApproved(entry, order);
    const stop = await serve(contracts, order);
    for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, () => { void stop().then(() => process.exit(0)); });
    process.send?.('listening');
    process.stdout.write(`${order.name} ${order.digest} listens on ${order.listen}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    process.exit(error instanceof Problem ? OTHER_CODE : 1);
  }
}

async function serve(contracts: readonly ContractClass[], { name, packageId, listen, tls, clientRoot }: ServerOrder): Promise<() => Promise<void>> {
  const certificate = await readFile(join(tls, 'certificate.pem'));
  const key = await readFile(join(tls, 'key.pem'));
  return startChaincodeServer({ contracts, name, packageId, listen, tls: { certificate, key, clientRoot: await readFile(clientRoot) } });
}

/** @throws Problem FABRIC_CODE_DIFFERENT if this is not the code that was approved */
async function assertApproved(entry: string, { digest }: ServerOrder): Promise<void> {
  const own = await codeDigest(entry);
  if (own !== digest) throw new Problem('FABRIC_CODE_DIFFERENT', { approved: digest, own });
}
