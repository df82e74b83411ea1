/** The contracts of the chaincode, in the order in which the shim lists them. */
import { ChemicalContract } from './chemical-contract.js';
import { GoodsContract } from './goods-contract.js';
import { RegistryContract } from './registry-contract.js';
import { TrustContract } from './trust-contract.js';

export const contracts = [RegistryContract, GoodsContract, ChemicalContract, TrustContract] as const;
