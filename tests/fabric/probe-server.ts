/** A chaincode server for the contract of the ledger suite: what the product's own server is for the product's contracts. */
import { fileURLToPath } from 'node:url';
import { runChaincodeServer } from '../../network/fabric/run-chaincode-server.js';
import { ProbeContract } from '../ledger-suite/probe-contract.js';

await runChaincodeServer([ProbeContract], fileURLToPath(import.meta.url), process.argv[2] ?? '');
