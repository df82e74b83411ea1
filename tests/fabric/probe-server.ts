/** A chaincode server for the contract of the ledger suite: what the product's own server is for the product's contracts. */
import { fileURLToPath } from 'node:url';
import { runChaincodeServer } from '../../network/fabric/run-chaincode-server.js';

await runChaincodeServer(async () => [(await import('../ledger-suite/probe-contract.js')).ProbeContract], fileURLToPath(import.meta.url), process.argv[2] ?? '');
