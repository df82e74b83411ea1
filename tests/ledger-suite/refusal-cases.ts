/** Refusals: of contracts, of the peer, of strangers. */
import { createPrivateKey } from 'node:crypto';
import { expect } from 'vitest';
import { gateway, common, peer } from '@hyperledger/fabric-protos';
import { createAuthority } from '../../network/enrolment/authority.js';
import type { Identity } from '../../network/enrolment/identity.js';
import { signLowS } from '../../network/enrolment/low-s-signature.js';
import { connectClient } from './ledger-client.js';
import { endorsedAction, parseTransaction, preparedEnvelope } from './fabric-block.js';
import type { LedgerBench, LedgerCase } from './ledger-bench.js';

const { BAD_CREATOR_SIGNATURE, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const CONTRACT = 'Fabric, chaincode response 500';
const IDENTITY = 'Fabric, channel policies and MSP';
const ABORTED = 10;
const UNKNOWN = 2;

const detail = (text: string): object => ({ details: [{ message: expect.stringContaining(text) as string }] });

export const REFUSAL_CASES: readonly LedgerCase[] = [
  {
    name: 'an error thrown by the contract reaches the submitter, and nothing is ordered', source: CONTRACT,
    run: async (bench) => {
      const before = await bench.height();
      await expect(bench.submit('fail', 'ITEM_UNKNOWN {"item":"/01/09520000000011"}')).rejects.toMatchObject({
        name: 'EndorseError', code: ABORTED, ...detail('chaincode response 500, ITEM_UNKNOWN {"item":"/01/09520000000011"}'),
      });
      expect(await bench.height()).toBe(before + 1n);
    },
  },
  {
    name: 'an error thrown by the contract reaches the reader', source: CONTRACT,
    run: async (bench) => {
      await expect(bench.evaluate('fail', 'ITEM_UNKNOWN {}')).rejects.toMatchObject({
        code: UNKNOWN, message: expect.stringContaining('chaincode response 500, ITEM_UNKNOWN {}') as string,
      });
    },
  },
  {
    name: 'what a failing transaction wrote is gone', source: CONTRACT,
    run: async (bench) => {
      await expect(bench.submit('putThenFail', bench.key('x'))).rejects.toMatchObject(detail('PROBE_FAILED'));
      expect(await bench.evaluate('get', bench.key('x'))).toBe('');
    },
  },
  ...([
    ['an unknown function', ['nothing'], 'You\'ve asked to invoke a function that does not exist: nothing'],
    ['too few arguments', ['put', 'only'], 'Expected 2 parameters, but 1 have been supplied'],
    ['too many arguments', ['get', 'a', 'b'], 'Expected 1 parameters, but 2 have been supplied'],
  ] as const).map(([what, [name, ...args], words]): LedgerCase => ({
    name: `${what} is refused`, source: 'fabric-contract-api',
    run: async (bench) => { await expect(bench.submit(name, ...args)).rejects.toMatchObject(detail(`chaincode response 500, ${words}`)); },
  })),
  {
    name: 'a reading call orders nothing, even if the function writes', source: 'Fabric Gateway, Evaluate',
    run: async (bench) => {
      const before = await bench.height();
      await bench.evaluate('put', bench.key('x'), '1');
      expect(await bench.height()).toBe(before + 1n);
      expect(await bench.evaluate('get', bench.key('x'))).toBe('');
    },
  },
  {
    name: 'an unknown chaincode is refused', source: 'Fabric Gateway, Endorse',
    run: async (bench) => { await expect(bench.client.contract('nowhere').submitTransaction('put', 'a', 'b')).rejects.toThrow(); },
  },
  {
    name: 'an unknown channel is refused', source: 'Fabric Gateway, Endorse',
    run: async (bench) => {
      const contract = bench.client.gateway.getNetwork('elsewhere').getContract(bench.ledger.chaincode);
      await expect(contract.submitTransaction('put', 'a', 'b')).rejects.toThrow();
      await expect(contract.evaluateTransaction('get', 'a')).rejects.toThrow();
    },
  },
  ...severalEndorsers(),
  ...strangers(),
  ...forgeries(),
  ...([
    ['private values', ['privateData', 'controlled', 'key'], 'is not offered'],
    ['key-level endorsement', ['setKeyPolicy', 'key', 'IndustryMSP'], 'PUT_STATE_METADATA is not offered'],
    ['calls to other chaincodes', ['otherChaincode', 'elsewhere'], 'INVOKE_CHAINCODE is not offered'],
    ['rich queries', ['richQuery', '{"selector":{}}'], 'GET_QUERY_RESULT is not offered'],
  ] as const).map(([what, [name, ...args], words]): LedgerCase => ({
    name: `${what}: refused by name`, source: 'README, how the two ledgers differ', needs: 'refusesWhatItLacks',
    run: async (bench) => { await expect(bench.submit(name, ...args)).rejects.toMatchObject(detail(words)); },
  })),
];

/** What only several organisations can do: agree. */
function severalEndorsers(): LedgerCase[] {
  const needs = { source: 'Fabric, endorsement by a majority of organisations', needs: 'severalEndorsers' } as const;
  return [
    {
      ...needs, name: 'peers of a majority of organisations endorse by themselves',
      run: async (bench) => {
        const transaction = await bench.endorse('put', bench.key('x'), '1');
        const { endorsements } = parseTransaction(preparedEnvelope(transaction.getBytes()), {});
        expect(new Set(endorsements.map(({ mspId }) => mspId)).size).toBeGreaterThan(1);
        expect((await bench.commit(transaction)).code).toBe(peer.TxValidationCode.VALID);
      },
    },
    {
      ...needs, name: 'what one organisation alone endorses is invalid',
      run: async (bench) => {
        const proposal = bench.contract.newProposal('put', { arguments: [bench.key('x'), '1'], endorsingOrganizations: [bench.ledger.endorser] });
        expect((await bench.commit(await proposal.endorse())).code).toBe(ENDORSEMENT_POLICY_FAILURE);
        expect(await bench.evaluate('get', bench.key('x'))).toBe('');
      },
    },
    {
      ...needs, name: 'organisations whose chaincodes come to different results endorse nothing',
      run: async (bench) => {
        await expect(bench.endorse('putProcess', bench.key('x'))).rejects.toMatchObject({
          name: 'EndorseError', code: ABORTED, details: expect.arrayContaining([expect.objectContaining({ message: 'ProposalResponsePayloads do not match' })]) as unknown[],
        });
      },
    },
  ];
}

/** Identities that may not act here, each tried for reading, writing, blocks and events. */
function strangers(): LedgerCase[] {
  const cases: [string, (bench: LedgerBench) => Promise<Identity>][] = [
    ['an organisation nobody knows', async () => enrolElsewhere('StrangerMSP')],
    ['another authority that uses a member\'s name', async (bench) => enrolElsewhere(bench.ledger.identity.mspId)],
    ['a member\'s certificate with another key', async (bench) => ({ ...bench.ledger.identity, privateKeyPem: (await enrolElsewhere('StrangerMSP')).privateKeyPem })],
  ];
  return cases.map(([name, identityFor]) => ({
    name: `${name} is refused everywhere`, source: IDENTITY,
    run: async (bench) => {
      const client = connectClient({ ...bench.ledger, identity: await identityFor(bench) });
      try {
        const contract = client.contract(bench.ledger.chaincode);
        await expect(contract.evaluateTransaction('get', 'a')).rejects.toThrow(/access denied|creator/);
        await expect(contract.submitTransaction('put', 'a', 'b')).rejects.toMatchObject({ name: 'EndorseError' });
        const blocks = await client.network.getBlockEvents({ startBlock: 0n });
        await expect(blocks[Symbol.asyncIterator]().next()).rejects.toThrow(String(common.Status.FORBIDDEN));
        const events = await client.network.getChaincodeEvents(bench.ledger.chaincode);
        await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 7 });
      } finally {
        client.close();
      }
    },
  }));
}

async function enrolElsewhere(mspId: string): Promise<Identity> {
  const authority = await createAuthority({ mspId, commonName: `ca.${mspId}` });
  return authority.enrol({ commonName: 'stranger', role: 'client', attributes: { role: 'enterprise' } });
}

/** Changes to signed messages. */
function forgeries(): LedgerCase[] {
  return [
    {
      name: 'a proposal changed after signing is refused', source: IDENTITY,
      run: async (bench) => {
        const proposal = bench.contract.newProposal('put', { arguments: [bench.key('genuine'), '1'] });
        const signature = sign(bench, proposalBytes(proposal.getBytes()));
        const forged = bench.client.gateway.newSignedProposal(withKey(proposal.getBytes(), bench.key('genuine'), bench.key('forged!')), signature);
        await expect(forged.endorse()).rejects.toMatchObject({ name: 'EndorseError' });
      },
    },
    {
      name: 'a signature with the higher s is refused, although it fits', source: 'Fabric, low-S signatures',
      run: async (bench) => {
        const proposal = bench.contract.newProposal('get', { arguments: ['a'] });
        const high = withHighS(sign(bench, proposalBytes(proposal.getBytes())));
        await expect(bench.client.gateway.newSignedProposal(proposal.getBytes(), high).evaluate()).rejects.toThrow(/access denied/);
      },
    },
    {
      name: 'a transaction id that is not the hash of nonce and creator is refused', source: 'Fabric, transaction ids',
      run: async (bench) => {
        const proposal = bench.contract.newProposal('get', { arguments: ['a'] });
        const bytes = withKey(proposal.getBytes(), proposal.getTransactionId(), 'f'.repeat(64));
        const forged = bench.client.gateway.newSignedProposal(bytes, sign(bench, proposalBytes(bytes)));
        await expect(forged.evaluate()).rejects.toThrow(/incorrectly computed txid/);
      },
    },
    {
      name: 'a write set changed after endorsement, signed anew by the client, is invalid', source: 'Fabric, endorsement policy',
      run: async (bench) => {
        const genuine = await bench.endorse('put', bench.key('x'), 'genuine');
        const forged = forgeTransaction(bench, genuine.getBytes(), 'genuine', 'forgery');
        expect((await bench.commit(forged)).code).toBe(ENDORSEMENT_POLICY_FAILURE);
        expect(await bench.evaluate('get', bench.key('x'))).toBe('');
      },
    },
    {
      name: 'a transaction without endorsement is invalid', source: 'Fabric, endorsement policy',
      run: async (bench) => {
        const genuine = await bench.endorse('put', bench.key('x'), '1');
        const bare = rebuild(bench, genuine.getBytes(), (action) => { action.setEndorsementsList([]); });
        expect((await bench.commit(bare)).code).toBe(ENDORSEMENT_POLICY_FAILURE);
      },
    },
    {
      name: 'a transaction with a signature that does not fit never becomes valid, and its id stays free', source: 'Fabric, creator signature',
      run: async (bench) => {
        const genuine = await bench.endorse('put', bench.key('x'), '1');
        const spoilt = bench.client.gateway.newSignedTransaction(genuine.getBytes(), sign(bench, Buffer.from('something else')));
        const outcome = await bench.commit(spoilt).then(({ code }) => code, () => 'refused');
        expect(outcome).not.toBe(peer.TxValidationCode.VALID);
        expect((await bench.commit(genuine)).code).toBe(peer.TxValidationCode.VALID);
      },
    },
    {
      name: 'a transaction with a signature that does not fit stands in the block with its code', source: 'Fabric, validation code 4', needs: 'badSignatureIsOrdered',
      run: async (bench) => {
        const genuine = await bench.endorse('put', bench.key('x'), '1');
        const spoilt = bench.client.gateway.newSignedTransaction(genuine.getBytes(), sign(bench, Buffer.from('something else')));
        expect((await bench.commit(spoilt)).code).toBe(BAD_CREATOR_SIGNATURE);
      },
    },
  ];
}

function sign(bench: LedgerBench, message: Uint8Array): Uint8Array {
  return signLowS(createPrivateKey(bench.ledger.identity.privateKeyPem), message);
}

function proposalBytes(proposedTransaction: Uint8Array): Uint8Array {
  return gateway.ProposedTransaction.deserializeBinary(proposedTransaction).getProposal()!.getProposalBytes_asU8();
}

/** Replaces one text by another of the same length, wherever it stands. */
function withKey(bytes: Uint8Array, from: string, to: string): Buffer {
  expect(to).toHaveLength(from.length);
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(from, to), 'latin1');
}

function forgeTransaction(bench: LedgerBench, prepared: Uint8Array, from: string, to: string) {
  return rebuild(bench, prepared, (action) => { action.setProposalResponsePayload(withKey(action.getProposalResponsePayload_asU8(), from, to)); });
}

/** Changes the endorsed action of a prepared transaction and signs the result as its client. */
function rebuild(bench: LedgerBench, prepared: Uint8Array, change: (action: peer.ChaincodeEndorsedAction) => void) {
  const message = gateway.PreparedTransaction.deserializeBinary(prepared);
  const payload = common.Payload.deserializeBinary(message.getEnvelope()!.getPayload_asU8());
  const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
  const [action] = transaction.getActionsList();
  const content = peer.ChaincodeActionPayload.deserializeBinary(action!.getPayload_asU8());
  const endorsed = endorsedAction(payload);
  change(endorsed);
  content.setAction(endorsed);
  action!.setPayload(content.serializeBinary());
  payload.setData(transaction.serializeBinary());
  message.getEnvelope()!.setPayload(payload.serializeBinary());
  return bench.client.gateway.newSignedTransaction(message.serializeBinary(), sign(bench, payload.serializeBinary()));
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature that fits the same message: s replaced by the order minus s. */
function withHighS(signature: Uint8Array): Buffer {
  const bytes = Buffer.from(signature);
  const rEnd = 4 + bytes[3]!;
  const s = BigInt(`0x${bytes.subarray(rEnd + 2).toString('hex')}`);
  const high = Buffer.concat([Buffer.of(0), Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')]);
  const body = Buffer.concat([bytes.subarray(2, rEnd), Buffer.of(2, high.length), high]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}
