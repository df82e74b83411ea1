import { createPrivateKey, X509Certificate } from 'node:crypto';
import { copyFile, lchown, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planHosts, planText } from '../../../network/fabric/hosts/host-plan.js';
import { hostReport, piecesHere } from '../../../network/fabric/hosts/host-report.js';
import { makeHost } from '../../../network/fabric/hosts/make-host.js';
import { parsePublicPart, publicPartFile } from '../../../network/fabric/hosts/public-part.js';
import { takeFile } from '../../../network/fabric/hosts/take-file.js';
import { NetworkFolder, type HostFolder } from '../../../network/fabric/network-folder.js';
import { isSpread, nodesHere } from '../../../network/fabric/nodes-here.js';
import { withMember } from '../../../network/fabric/topology.js';
import { rejectsWith, throwsWith } from '../../support/rejects-with.js';
import { files, HOSTS, Machines, OWNERS, PLAN } from './machines.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

const root = join(tmpdir(), `minhchung-hosts-${process.pid}`);
let machines: Machines;

beforeAll(async () => { machines = await Machines.all(root); });
afterAll(async () => rm(root, { recursive: true, force: true }));

describe('what a machine has', () => {
  test.each(OWNERS)('%s has all of it but block 0', async (name) => {
    const { missing } = await hostReport(machines.folder(name), PLAN);
    expect(missing).toEqual(['block 0: the command block makes it from the public parts']);
  });

  test('every machine shows the same fingerprints', async () => {
    const shown = await Promise.all(OWNERS.map(async ([name]) => (await hostReport(machines.folder(name), PLAN)).lines.map((line) => line.replace(/ {2}here: .*/, ''))));
    expect(new Set(shown.map((lines) => lines.join('\n'))).size).toBe(1);
    expect(shown[0]).toHaveLength(PLAN.organisations.length + 2);
  });

  test.each([
    ['regulator', 'RegulatorMSP', ['authority', 'peer', 'orderer']],
    ['education', 'EducationMSP', ['authority', 'peer']],
    ['orderer', 'EducationMSP', ['orderer']],
    ['operator', 'OperatorMSP', ['authority', 'orderer']],
    ['operator', 'RegulatorMSP', []],
  ])('%s has of %s: %j', (name, mspId, pieces) => {
    expect(piecesHere(machines.folder(name).host(mspId))).toEqual(pieces);
  });

  test('a machine runs the nodes whose keys it has', () => {
    const here = nodesHere(machines.folder('orderer'), PLAN);
    expect(here.organisations.map(({ mspId, peer, orderer }) => ({ mspId, peer, orderer: orderer?.service }))).toEqual([{ mspId: 'EducationMSP', peer: undefined, orderer: 17_311 }]);
    expect(isSpread({ folder: machines.folder('orderer'), topology: PLAN })).toBe(true);
    const own = { ...PLAN, organisations: PLAN.organisations.slice(0, 1) };
    expect(isSpread({ folder: machines.folder('regulator'), topology: own })).toBe(false);
  });

  test('a plan with one more organisation lacks that one\'s public part, and keeps the others', async () => {
    const { missing } = await hostReport(machines.folder('regulator'), withMember(PLAN, 'CustomsMSP'));
    expect(missing).toEqual(['public part of CustomsMSP: take the file public/CustomsMSP.json of its machine', 'block 0: the command block makes it from the public parts']);
  });

  test.skipIf(process.getuid?.() !== 0)('a file that another user made is told, a link to one is none', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await own.make('operator', 'OperatorMSP');
      const { root: made } = own.folder('operator');
      for (const file of ['', ...(await readdir(made, { recursive: true }))]) await lchown(join(made, file), 12_345, 12_345);
      await symlink('/', join(made, 'link'));
      await lchown(join(made, 'link'), 12_345, 12_345);
      const told = async (): Promise<string[]> => (await hostReport(own.folder('operator'), PLAN)).missing.filter((one) => one.startsWith('owner of '));
      expect(await told()).toEqual([]);
      await writeFile(join(made, 'letter.txt'), '');
      expect(await told()).toEqual([`owner of ${join(made, 'letter.txt')}: another user than the owner of the folder made it (chown)`]);
    });
  });

  test('done again, nothing changes by a byte', async () => {
    for (const [name, mspId] of OWNERS) {
      const before = await files(machines.folder(name).root);
      await machines.make(name, mspId, name === 'orderer' ? ['orderer'] : []);
      for (const [other, owner] of OWNERS) {
        if (other !== name && other !== 'orderer') await takeFile(machines.folder(name), PLAN, await machines.part(other, owner));
      }
      expect(await files(machines.folder(name).root)).toEqual(before);
    }
  });
});

describe('a "make" that was cut off', () => {
  const cutOff: readonly [what: string, damage: (host: HostFolder) => Promise<void>][] = [
    ['an empty key', async ({ peer }) => writeFile(peer.key, '')],
    ['an empty certificate', async ({ admin }) => writeFile(admin.certificate, '')],
    ['a new key beside the certificate of the one before', async ({ orderer }) => copyFile(orderer.tlsKey, orderer.key)],
    ['a TLS key that is none', async ({ peer }) => writeFile(peer.tlsKey, '-----BEGIN PRIVATE KEY-----\n')],
  ];

  test.each(cutOff)('that left %s is made good by the next', async (_what, damage) => {
    await inTemporaryDirectory(async (dir) => {
      const folder = new NetworkFolder(join(dir, 'network'));
      await makeHost(folder, PLAN, 'RegulatorMSP', ['authority', 'peer']);
      const host = folder.host('RegulatorMSP');
      await makeHost(folder, PLAN, 'RegulatorMSP', ['orderer']);
      await damage(host);
      await rm(publicPartFile(folder, 'RegulatorMSP'));
      await makeHost(folder, PLAN, 'RegulatorMSP', ['peer', 'orderer']);
      for (const { key, certificate, tlsKey, tlsCertificate } of [host.admin, host.peer, host.orderer]) {
        for (const [pem, itsKey] of [[certificate, key], [tlsCertificate, tlsKey]] as const) {
          expect(new X509Certificate(await readFile(pem)).checkPrivateKey(createPrivateKey(await readFile(itsKey)))).toBe(true);
        }
      }
    });
  });
});

describe('keys stay where they were made', () => {
  type Folders = ReadonlyMap<string, ReadonlyMap<string, Buffer>>;

  const isKey = (file: string): boolean => file.endsWith('key.pem');
  const travels = (file: string): boolean => /^(public|requests|certificates)\//.test(file);
  const all = async (): Promise<Folders> => new Map(await Promise.all(OWNERS.map(async ([name]) => [name, await files(machines.folder(name).root)] as const)));

  /** A private key in every form in which it could slip into a file. */
  function formsOf(pem: string): Buffer[] {
    const key = createPrivateKey(pem);
    const scalar = Buffer.from((key.export({ format: 'jwk' }) as { d: string }).d, 'base64url');
    const texts = [scalar.toString('hex'), scalar.toString('base64').slice(0, 40), scalar.toString('base64url').slice(0, 40), ...pem.split('\n').filter((line) => line.length === 64)];
    return [scalar, key.export({ type: 'pkcs8', format: 'der' }), ...texts.map((text) => Buffer.from(text))];
  }

  /** Where else than in its own machine's folder a key is, and where in what that machine sends. */
  function astray(folders: Folders): string[] {
    return [...folders].flatMap(([name, own]) => {
      const elsewhere = [...folders].flatMap(([other, theirs]) => [...theirs].filter(([file]) => other !== name || travels(file)).map(([file, bytes]) => [`${other}/${file}`, bytes] as const));
      const forms = [...own].filter(([file]) => isKey(file)).flatMap(([, pem]) => formsOf(pem.toString()));
      return elsewhere.filter(([, bytes]) => forms.some((form) => bytes.includes(form))).map(([file]) => file);
    });
  }

  test('no byte of a key is in another machine\'s folder, or in a file that travels', async () => {
    const folders = await all();
    // Two authorities of each organisation, and two keys of each administrator, peer and orderer.
    expect([...folders.values()].flatMap((own) => [...own.keys()].filter(isKey))).toHaveLength(4 * 2 + 4 * 2 + 3 * 2 + 4 * 2);
    expect(astray(folders)).toEqual([]);
  });

  test('the search finds a key in every form', async () => {
    const folders = await all();
    const [, pem] = [...folders.get('regulator')!].find(([file]) => isKey(file))!;
    for (const form of formsOf(pem.toString())) {
      const planted = new Map([...folders.get('operator')!, ['data/planted', Buffer.concat([Buffer.from('before'), form, Buffer.from('after')])]]);
      expect(astray(new Map([...folders, ['operator', planted]]))).toEqual(['operator/data/planted']);
    }
  });

  test('keys are readable by their owner alone', async () => {
    for (const [name, own] of await all()) {
      const modes = await Promise.all([...own.keys()].filter(isKey).map(async (file) => (await stat(join(machines.folder(name).root, file))).mode & 0o077));
      expect({ name, modes: new Set(modes) }).toEqual({ name, modes: new Set([0]) });
    }
  });
});

describe('making a machine', () => {
  test('with another plan than it has is refused', async () => {
    const other = planHosts({ consensus: 'bft', portBase: 18_000 }, HOSTS);
    await rejectsWith(makeHost(machines.folder('regulator'), other, 'RegulatorMSP', []), 'FABRIC_PLAN_DIFFERENT');
  });

  test('in a folder of something else is refused', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await mkdir(own.folder('x').root, { recursive: true });
      await writeFile(join(own.folder('x').root, 'letter.txt'), 'x');
      await rejectsWith(own.make('x', 'RegulatorMSP'), 'FABRIC_FOLDER_FOREIGN');
    });
  });

  test('of an unknown organisation, or a node that the plan does not have, is refused', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await rejectsWith(own.make('x', 'StrangerMSP'), 'FABRIC_ORGANISATION_UNKNOWN', { organisation: 'StrangerMSP' });
      await rejectsWith(own.make('x', 'OperatorMSP', ['peer']), 'FABRIC_PLAN_WRONG', { organisation: 'OperatorMSP' });
    });
  });

  test('authorities are not made anew where others know them already', async () => {
    await rejectsWith(machines.make('orderer', 'EducationMSP', ['authority']), 'FABRIC_PART_DIFFERENT', { organisation: 'EducationMSP' });
  });

  test('the file of the plan is the folder\'s own', async () => {
    expect(await readFile(machines.folder('regulator').topology, 'utf8')).toBe(planText(PLAN));
  });

  test('a broken public part is told, not overlooked', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      const { publicPart } = await own.make('operator', 'OperatorMSP');
      await writeFile(publicPart!, (await readFile(publicPart!, 'utf8')).replace('OperatorMSP', 'RegulatorMSP'));
      await rejectsWith(hostReport(own.folder('operator'), PLAN), 'FABRIC_PART_WRONG');
      throwsWith(() => parsePublicPart('{}', PLAN), 'FABRIC_PART_WRONG', { field: 'file' });
    });
  });
});
