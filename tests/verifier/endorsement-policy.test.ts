import { beforeAll, expect, test } from 'vitest';
import type { CryptoPort } from '../../verifier/core/crypto-port.js';
import { verifyReceipt } from '../../verifier/core/receipt.js';
import { nodeCrypto } from '../../verifier/server/node-crypto.js';
import { revocationList } from '../support/revocation-list.js';
import { NOW } from './certificate-builder.js';
import { expectedCall, newWorld, receipt, type World } from './receipt-builder.js';

let world: World;
beforeAll(async () => { world = await newWorld(); });

const listOf = ({ org3: { root, peer } }: World, isRevoked: boolean): Promise<string> | string =>
  revocationList({ pem: root.pem, key: root.keys.privateKey }, { revoked: isRevoked ? [peer.pem] : [], at: NOW });

test('the organisations of one policy are read once, and what differs in it is read anew', async () => {
  let signatures = 0;
  const crypto = nodeCrypto();
  const counting: CryptoPort = { ...crypto, verifyP256: (...all) => { signatures += 1; return crypto.verifyP256(...all); } };
  const { policy, ...question } = expectedCall(world);
  const costOf = async (change: Partial<typeof policy>) => {
    const before = signatures;
    const { verdict } = await verifyReceipt(receipt(world), { ...question, policy: { ...policy, ...change } }, counting);
    return [verdict, signatures - before] as const;
  };
  const lists = { Org3MSP: [await listOf(world, false)] };
  const [, first] = await costOf({ revocationLists: lists });
  expect(await costOf({ revocationLists: lists })).toEqual(['verified', first - 1]);
  expect(await costOf({ revocationLists: { ...lists } })).toEqual(['verified', first]);
  expect((await costOf({ revocationLists: { Org3MSP: [await listOf(world, true)] } }))[0]).toBe('not-verified');
  await costOf({ revocationLists: lists });
  expect((await costOf({ revocationLists: lists, peerRole: '' }))[0]).toBe('could-not-check');
  expect((await costOf({ revocationLists: lists, minimumOrganisations: 0 }))[0]).toBe('could-not-check');
});
