import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { Contract, type Context } from 'fabric-contract-api';
import { describe, expect, test } from 'vitest';
import { openEmbeddedLedger } from '../../network/embedded/embedded-ledger.js';
import { connectClient } from '../ledger-suite/ledger-client.js';
import { CHAINCODE, inTemporaryDirectory, ledgerOptions, withLedger } from './temporary-ledger.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('opening', () => {
  test('keeps everything between one opening and the next', async () => {
    await inTemporaryDirectory(async (dir) => {
      const before = await withLedger(ledgerOptions(dir), async ({ ledger, client, identity }) => {
        await client.contract(CHAINCODE).submitTransaction('put', 'a', '1');
        await client.contract(CHAINCODE).submitTransaction('put', 'a', '2');
        return { height: ledger.height(), roots: ledger.roots(), identity };
      });
      await withLedger(ledgerOptions(dir), async ({ ledger }) => {
        expect({ height: ledger.height(), roots: ledger.roots() }).toEqual({ height: before.height, roots: before.roots });
        const client = connectClient({ address: ledger.address, channel: ledger.channel, identity: before.identity });
        expect(text(await client.contract(CHAINCODE).evaluateTransaction('get', 'a'))).toBe('2');
        expect(JSON.parse(text(await client.contract(CHAINCODE).evaluateTransaction('history', 'a')))).toMatchObject([{ value: '2' }, { value: '1' }]);
        client.close();
      });
    });
  });

  test('a ledger is refused while another has it open', async () => {
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir), async () => {
      await expect(openEmbeddedLedger(ledgerOptions(dir))).rejects.toMatchObject({ code: 'LEDGER_IN_USE' });
    }));
  });

  test.each([
    ['another channel', { channel: 'elsewhere' }],
    ['fewer organisations', { organisations: ['RegulatorMSP'] }],
    ['other organisations', { organisations: ['RegulatorMSP', 'IndustryMSP', 'OtherMSP'] }],
  ])('a ledger made for %s is refused', async (_, more) => {
    await inTemporaryDirectory(async (dir) => {
      await (await openEmbeddedLedger(ledgerOptions(dir))).close();
      await expect(openEmbeddedLedger(ledgerOptions(dir, more))).rejects.toMatchObject({ code: 'LEDGER_OPENED_DIFFERENTLY', fields: { channel: 'minhchung' } });
      await (await openEmbeddedLedger(ledgerOptions(dir))).close();
    });
  });

  test('an interrupted first opening is taken up where it stopped', async () => {
    await inTemporaryDirectory(async (dir) => {
      await expect(openEmbeddedLedger(ledgerOptions(dir, { listen: '192.0.2.1:1' }))).rejects.toThrow();
      await withLedger(ledgerOptions(dir), async ({ ledger }) => { expect(ledger.height()).toBe(1); });
    });
  });

  test('keys are readable by their owner alone', async () => {
    await inTemporaryDirectory(async (dir) => {
      await (await openEmbeddedLedger(ledgerOptions(dir))).close();
      const names = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith('.key') || name.endsWith('.pem'));
      expect(names.length).toBe(1 + 2 * (4 + 2)); // the seal's key; certificate and key of 4 organisations and 2 nodes
      for (const name of names) expect((await stat(join(dir, name))).mode & 0o777, name).toBe(0o600);
    });
  });

  test('files that are no ledger\'s do not disturb', async () => {
    await inTemporaryDirectory(async (dir) => {
      await writeFile(join(dir, 'README'), 'x');
      await (await openEmbeddedLedger(ledgerOptions(dir))).close();
    });
  });
});

describe('members', () => {
  test('of the operator may read blocks and ask qscc, but not propose', async () => {
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir), async ({ ledger }) => {
      const identity = await ledger.enrol({ mspId: 'OperatorMSP', commonName: 'reader', role: 'client' });
      const client = connectClient({ address: ledger.address, channel: ledger.channel, identity });
      const blocks = await client.network.getBlockEvents({ startBlock: 0n });
      expect((await blocks[Symbol.asyncIterator]().next()).done).toBe(false);
      blocks.close();
      expect((await client.contract('qscc').evaluateTransaction('GetChainInfo', ledger.channel)).length).toBeGreaterThan(0);
      await expect(client.contract(CHAINCODE).evaluateTransaction('get', 'a')).rejects.toThrow(/access denied: channel \[minhchung\] creator org \[OperatorMSP\]/);
      client.close();
    }));
  });

  test('cannot be enrolled for an organisation that is not on the channel', async () => {
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir), async ({ ledger }) => {
      await expect(ledger.enrol({ mspId: 'StrangerMSP', commonName: 'x', role: 'client' })).rejects.toMatchObject({ code: 'LEDGER_OPENED_DIFFERENTLY', fields: { organisation: 'StrangerMSP' } });
    }));
  });

  test.each([
    ['expired', { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') }],
    ['not valid yet', { notBefore: new Date('2090-01-01T00:00:00Z'), notAfter: new Date('2091-01-01T00:00:00Z') }],
  ])('whose certificate is %s are refused', async (_, validity) => {
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir), async ({ ledger }) => {
      const identity = await ledger.enrol({ mspId: 'IndustryMSP', commonName: 'late', role: 'client', validity });
      const client = connectClient({ address: ledger.address, channel: ledger.channel, identity });
      await expect(client.contract(CHAINCODE).evaluateTransaction('get', 'a')).rejects.toThrow(/access denied/);
      client.close();
    }));
  });

  test.each(['peer', 'orderer'] as const)('with the role %s cannot propose, however good their certificate', async (role) => {
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir), async ({ ledger }) => {
      const identity = await ledger.enrol({ mspId: 'IndustryMSP', commonName: 'node', role });
      const client = connectClient({ address: ledger.address, channel: ledger.channel, identity });
      await expect(client.contract(CHAINCODE).evaluateTransaction('get', 'a')).rejects.toThrow(/access denied/);
      client.close();
    }));
  });

  test('whose clock is more than 15 minutes off are refused', async () => {
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir, { clock: () => new Date(Date.now() + 16 * 60_000) }), async ({ client }) => {
      await expect(client.contract(CHAINCODE).evaluateTransaction('get', 'a')).rejects.toThrow(/incorrect timestamp/);
    }));
  });
});

class UnrulyContract extends Contract {
  constructor() {
    super('UnrulyContract');
  }

  async never(_ctx: Context): Promise<void> {
    await new Promise(() => undefined);
  }

  async big(ctx: Context, size: string): Promise<void> {
    await ctx.stub.putState('big', Buffer.alloc(Number(size), 'x'));
  }

  async ok(_ctx: Context): Promise<string> {
    return 'ok';
  }
}

describe('limits', () => {
  test('a contract that never answers fails after the time set, and the others go on', async () => {
    const options = { chaincodes: { unruly: [UnrulyContract] }, simulationTimeoutMs: 100 };
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir, options), async ({ client }) => {
      const contract = client.contract('unruly');
      await expect(contract.submitTransaction('never')).rejects.toMatchObject({ details: [{ message: 'timeout expired while executing transaction' }] });
      expect(text(await contract.evaluateTransaction('ok'))).toBe('ok');
    }));
  });

  test('more proposals at a time than set are refused, and room is made when one ends', async () => {
    const options = { chaincodes: { unruly: [UnrulyContract] }, simulationTimeoutMs: 300, maxConcurrentProposals: 2 };
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir, options), async ({ client }) => {
      const contract = client.contract('unruly');
      const answers = await Promise.allSettled(Array.from({ length: 5 }, () => contract.evaluateTransaction('never')));
      const codes = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as { code: number }).code : 0));
      expect(codes.filter((code) => code === 8)).toHaveLength(3);
      expect(text(await contract.evaluateTransaction('ok'))).toBe('ok');
    }));
  });

  test('a transaction above 10 MB is refused in the orderer\'s words, one below goes through', async () => {
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir, { chaincodes: { unruly: [UnrulyContract] } }), async ({ client }) => {
      const contract = client.contract('unruly');
      await expect(contract.submitTransaction('big', String(11 * 1024 * 1024))).rejects.toMatchObject({ name: 'SubmitError', message: expect.stringContaining('exceeds maximum allowed 10485760 bytes') as string });
      await contract.submitTransaction('big', String(9 * 1024 * 1024));
    }));
  });

  test('garbage instead of messages is refused and changes nothing', async () => {
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir), async ({ ledger, client }) => {
      const raw = new Client(ledger.address, credentials.createInsecure());
      const asIs = (bytes: Buffer): Buffer => bytes;
      for (const method of ['Evaluate', 'Endorse', 'Submit', 'CommitStatus']) {
        for (const bytes of [Buffer.alloc(0), Buffer.from('garbage'), Buffer.from('1affffffff0f', 'hex'), Buffer.alloc(1000, 0x1a)]) {
          const answer = await new Promise<{ code?: number }>((resolve) => {
            raw.makeUnaryRequest(`/gateway.Gateway/${method}`, asIs, asIs, bytes, new Metadata(), (error) => { resolve(error ?? {}); });
          });
          expect([3, 7, 9, 10], `${method} ${bytes.toString('hex').slice(0, 20)}`).toContain(answer.code);
        }
      }
      raw.close();
      expect([ledger.height(), ledger.healthy()]).toEqual([1, true]);
      await client.contract(CHAINCODE).submitTransaction('put', 'a', '1');
    }));
  });
});

describe('under load', () => {
  test('statuses, reads and histories asked while blocks are being written never look damaged', async () => {
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir, { batchTimeoutMs: 1, maxMessages: 5 }), async ({ ledger, client }) => {
      const contract = client.contract(CHAINCODE);
      const write = async (n: number): Promise<void> => {
        const transaction = await contract.newProposal('summarise', { arguments: ['k', 'k9', `k${n % 40}`] }).endorse();
        const commit = await transaction.submit();
        const asked = [commit.getStatus(), commit.getStatus(), contract.evaluateTransaction('keys', 'k', 'l'), contract.evaluateTransaction('history', `k${n % 40}`)];
        await Promise.all(asked);
      };
      for (let round = 0; round < 12; round += 1) await Promise.all(Array.from({ length: 30 }, (_, n) => write(round * 30 + n)));
      expect([ledger.failure(), await ledger.verifyChain()]).toMatchObject([undefined, { ok: true }]);
    }));
  });
});

describe('keys that are not where they were', () => {
  test('an organisation without its key enrols nobody, and gets no new root', async () => {
    await inTemporaryDirectory(async (dir) => {
      await (await openEmbeddedLedger(ledgerOptions(dir))).close();
      await rm(join(dir, 'organisations', 'EducationMSP'), { recursive: true });
      const ledger = await openEmbeddedLedger(ledgerOptions(dir));
      await expect(ledger.enrol({ mspId: 'EducationMSP', commonName: 'x', role: 'client' })).rejects.toMatchObject({ code: 'LEDGER_OPENED_DIFFERENTLY', fields: { organisation: 'EducationMSP' } });
      await ledger.close();
    });
  });

  test('a store without the key of its seals is not opened with a new one', async () => {
    await inTemporaryDirectory(async (dir) => {
      await (await openEmbeddedLedger(ledgerOptions(dir))).close();
      await rm(join(dir, 'record-seal.key'));
      await expect(openEmbeddedLedger(ledgerOptions(dir))).rejects.toMatchObject({ code: 'LEDGER_RECORD_DAMAGED', fields: { record: 'record-seal.key' } });
      expect(await readdir(dir)).not.toContain('record-seal.key');
    });
  });

  test('a ledger whose operator lost all keys does not go on with new ones', async () => {
    await inTemporaryDirectory(async (dir) => {
      await (await openEmbeddedLedger(ledgerOptions(dir))).close();
      await rm(join(dir, 'organisations', 'OperatorMSP'), { recursive: true });
      await rm(join(dir, 'operator'), { recursive: true });
      await expect(openEmbeddedLedger(ledgerOptions(dir))).rejects.toMatchObject({ code: 'LEDGER_OPENED_DIFFERENTLY', fields: { organisation: 'OperatorMSP' } });
    });
  });
});
