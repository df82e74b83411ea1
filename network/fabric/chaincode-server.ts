/** The platform's chaincode as a service: one process per organisation, started with the path of its `server.json`. */
import { fileURLToPath } from 'node:url';
import { runChaincodeServer } from './run-chaincode-server.js';

await runChaincodeServer(async () => (await import('../../chaincode/index.js')).contracts, fileURLToPath(import.meta.url), process.argv[2] ?? '');
