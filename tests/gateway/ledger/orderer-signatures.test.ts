import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { headerBytes } from '../../../gateway/ledger/block-reader.js';
import { nativeSigner } from '../../../gateway/ledger/native-signer.js';
import { ordererCheck, type OrdererTrust } from '../../../gateway/ledger/orderer-signatures.js';
import { createAuthority } from '../../../network/enrolment/authority.js';
import type { Identity } from '../../../network/enrolment/identity.js';
import { BlockChain } from './fabric-blocks.js';
import { identifierHeader, signatureHeader } from './signer-headers.js';

interface Cast {
  readonly root: string;
  readonly orderers: Identity[];
  /** of the orderers' own authority, and in no configuration */
  readonly unlisted: Identity[];
  readonly client: Identity;
  readonly stranger: Identity;
  readonly otherRoot: string;
}

let cast: Cast;

beforeAll(async () => {
  const authority = await createAuthority({ mspId: 'OrdererMSP', commonName: 'ca.orderers' });
  const other = await createAuthority({ mspId: 'OrdererMSP', commonName: 'ca.orderers' });
  cast = {
    root: authority.certificatePem,
    otherRoot: other.certificatePem,
    orderers: await Promise.all([0, 1, 2, 3].map((n) => authority.enrol({ commonName: `orderer${n}`, role: 'orderer' }))),
    unlisted: await Promise.all([4, 5, 6].map((n) => authority.enrol({ commonName: `orderer${n}`, role: 'orderer' }))),
    client: await authority.enrol({ commonName: 'client', role: 'client' }),
    stranger: await other.enrol({ commonName: 'orderer0', role: 'orderer' }),
  };
});

type Naming = 'certificate' | 'number';

/** One signature of a block: by certificate in a signature header (Raft), or by number (BFT). */
async function signature(block: common.Block, value: Uint8Array, signer: Identity, naming: Naming, number: number): Promise<common.MetadataSignature> {
  const out = new common.MetadataSignature();
  const header = block.getHeader() ?? expect.fail('no header');
  const named = naming === 'number' ? identifierHeader(number) : signatureHeader(signer);
  if (naming === 'number') out.setIdentifierHeader(named);
  else out.setSignatureHeader(named);
  const message = Buffer.concat([value, named, headerBytes(BigInt(header.getNumber()), header.getPreviousHash_asU8(), header.getDataHash_asU8())]);
  out.setSignature(await nativeSigner(signer.privateKeyPem)(message));
  return out;
}

const signedBlock = async (signers: readonly Identity[], naming: Naming): Promise<common.Block> => (
  naming === 'number' ? mixedBlock(signers, []) : mixedBlock([], signers)
);

async function mixedBlock(byNumber: readonly Identity[], byCertificate: readonly Identity[]): Promise<common.Block> {
  const block = common.Block.deserializeBinary(new BlockChain().add([{ id: 'aa' }]));
  const metadata = new common.Metadata();
  const value = Buffer.from('last configuration');
  metadata.setValue(value);
  metadata.setSignaturesList(await Promise.all([
    ...byNumber.map((signer) => signature(block, value, signer, 'number', cast.orderers.indexOf(signer))),
    ...byCertificate.map((signer) => signature(block, value, signer, 'certificate', 0)),
  ]));
  const list = block.getMetadata()?.getMetadataList_asU8() ?? [];
  block.getMetadata()?.setMetadataList([metadata.serializeBinary(), ...list.slice(1)]);
  return block;
}

const raft = (root = cast.root): OrdererTrust => ({ organisations: { OrdererMSP: { roots: [root] } }, quorum: 1 });
const bft = (): OrdererTrust => ({
  organisations: { OrdererMSP: { roots: [cast.root] } },
  quorum: 3,
  consenters: Object.fromEntries(cast.orderers.map(({ mspId, certificatePem }, number) => [number, { mspId, certificate: certificatePem }])),
});

function verdict(trust: OrdererTrust, block: common.Block): string {
  try {
    ordererCheck(trust)(block.serializeBinary());
    return 'believed';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.code).toBe('LEDGER_BLOCK_WRONG');
    expect(error.fields).toEqual({ block: '1', reason: 'orderers' });
    return 'refused';
  }
}

describe('the orderers\' signatures', () => {
  it.each<[string, () => Promise<[OrdererTrust, common.Block]>, string]>([
    ['one orderer of Raft', async () => [raft(), await signedBlock(cast.orderers.slice(0, 1), 'certificate')], 'believed'],
    ['no signature', async () => [raft(), await signedBlock([], 'certificate')], 'refused'],
    ['an orderer of another root with the same names', async () => [raft(), await signedBlock([cast.stranger], 'certificate')], 'refused'],
    ['roots of another organisation only', async () => [raft(cast.otherRoot), await signedBlock(cast.orderers.slice(0, 1), 'certificate')], 'refused'],
    ['a client of the right organisation', async () => [raft(), await signedBlock([cast.client], 'certificate')], 'refused'],
    ['three of four of BFT', async () => [bft(), await signedBlock(cast.orderers.slice(1), 'number')], 'believed'],
    ['two of four of BFT', async () => [bft(), await signedBlock(cast.orderers.slice(2), 'number')], 'refused'],
    ['one of BFT three times', async () => [bft(), await signedBlock([0, 0, 0].map(() => cast.orderers[1]!), 'number')], 'refused'],
    ['three of BFT by certificates that one organisation made for itself', async () => [bft(), await signedBlock(cast.unlisted, 'certificate')], 'refused'],
    ['three of BFT by their certificates', async () => [bft(), await signedBlock(cast.orderers.slice(1), 'certificate')], 'refused'],
    ['two of four of BFT, with a certificate of one of their organisations', async () => [bft(), await mixedBlock(cast.orderers.slice(2), cast.unlisted.slice(0, 1))], 'refused'],
    ['one orderer of Raft by a number', async () => [raft(), await signedBlock(cast.orderers.slice(0, 1), 'number')], 'refused'],
    ['a number that no consenter has', async () => [{ ...bft(), consenters: {} }, await signedBlock(cast.orderers, 'number')], 'refused'],
  ])('%s', async (_name, make, expected) => {
    expect(verdict(...await make())).toBe(expected);
  });

  it.each<[string, (block: common.Block) => void]>([
    ['number', (block) => block.getHeader()?.setNumber(1 + 256)],
    ['data hash', (block) => block.getHeader()?.setDataHash(createHash('sha256').digest())],
    ['previous hash', (block) => block.getHeader()?.setPreviousHash(createHash('sha256').digest())],
    ['signed metadata', (block) => {
      const [first, ...rest] = block.getMetadata()?.getMetadataList_asU8() ?? [];
      const metadata = common.Metadata.deserializeBinary(first ?? new Uint8Array());
      metadata.setValue(Buffer.from('another configuration'));
      block.getMetadata()?.setMetadataList([metadata.serializeBinary(), ...rest]);
    }],
  ])('are not believed when the %s is another', async (_name, change) => {
    const block = await signedBlock(cast.orderers.slice(0, 1), 'certificate');
    expect(verdict(raft(), block)).toBe('believed');
    change(block);
    expect(() => ordererCheck(raft())(block.serializeBinary())).toThrow(Problem);
  });
});
