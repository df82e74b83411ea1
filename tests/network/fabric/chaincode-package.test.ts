import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chaincodePackage } from '../../../network/fabric/chaincode-package.js';
import { codeDigest, codeFiles, importsOf } from '../../../network/fabric/code-digest.js';
import { tarGz } from '../../../network/fabric/tar-archive.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

const DIGEST = '0123456789abcdef'.repeat(4);

describe('an archive', () => {
  test('depends on names and contents alone, not on the order in which they come', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];
    expect(tarGz({ one: a, two: b }).equals(tarGz({ two: b, one: a }))).toBe(true);
  });

  test('is what tar reads, sorted, with the same owner and time for all', async () => {
    await inTemporaryDirectory(async (dir) => {
      const path = join(dir, 'archive.tar.gz');
      await writeFile(path, tarGz({ 'b.txt': Buffer.from('second'), 'a.txt': Buffer.alloc(1_000, 'x'), empty: Buffer.alloc(0) }));
      expect(execFileSync('tar', ['-tvzf', path, '--utc', '--numeric-owner'], { encoding: 'utf8' }).trim().split('\n').map((line) => line.split(/\s+/))).toEqual([
        ['-rw-r--r--', '0/0', '1000', '1970-01-01', '00:00', 'a.txt'], ['-rw-r--r--', '0/0', '6', '1970-01-01', '00:00', 'b.txt'], ['-rw-r--r--', '0/0', '0', '1970-01-01', '00:00', 'empty'],
      ]);
      execFileSync('tar', ['-xzf', path, '-C', dir]);
      expect(await readFile(join(dir, 'b.txt'), 'utf8')).toBe('second');
    });
  });

  test('ends each file on a block boundary, whatever its length (POSIX ustar)', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (content) => {
      const tar = gunzipSync(tarGz({ name: content }));
      expect(tar.length % 512).toBe(0);
      expect(tar.subarray(512, 512 + content.length).equals(Buffer.from(content))).toBe(true);
    }));
  });

  test('a name that does not fit is refused', () => {
    expect(() => tarGz({ ['x'.repeat(101)]: Buffer.alloc(0) })).toThrow(RangeError);
  });

  test('tells no time and no system, and leaves nothing to a compressor (RFC 1952, RFC 1951 section 3.2.4)', () => {
    const packed = tarGz({ a: Buffer.from('a') });
    expect([packed.readUInt32LE(4), packed[9]]).toEqual([0, 255]);
    expect(packed.includes(gunzipSync(packed))).toBe(true);
  });

  test('longer than one stored block is whole', () => {
    const content = Buffer.alloc(200_000, 'long');
    expect(gunzipSync(tarGz({ content })).subarray(512, 512 + content.length).equals(content)).toBe(true);
  });
});

describe('a package', () => {
  test('is the same file with the same id for whoever has the code', () => {
    const { label, id, bytes } = chaincodePackage('minhchung', DIGEST);
    expect(chaincodePackage('minhchung', DIGEST)).toEqual({ label, id, bytes });
    expect(label).toBe('minhchung-0123456789abcdef');
    // Recorded: every organisation computes this id, on whatever machine.
    expect(id).toBe('minhchung-0123456789abcdef:39a65cef30c44851d8027e03e655a29038b2da486b454217d08c2391caae8c7c');
  });

  test('is another one for other code', () => {
    expect(chaincodePackage('minhchung', DIGEST.replace(/f$/, '0')).id).not.toBe(chaincodePackage('minhchung', DIGEST).id);
  });

  test('holds the digest, and neither address nor key', async () => {
    await inTemporaryDirectory(async (dir) => {
      const path = join(dir, 'package.tar.gz');
      await writeFile(path, chaincodePackage('minhchung', DIGEST).bytes);
      execFileSync('tar', ['-xzf', path, '-C', dir]);
      execFileSync('tar', ['-xzf', join(dir, 'code.tar.gz'), '-C', dir]);
      expect(JSON.parse(await readFile(join(dir, 'metadata.json'), 'utf8'))).toEqual({ type: 'ccaas', label: 'minhchung-0123456789abcdef' });
      expect(JSON.parse(await readFile(join(dir, 'code.json'), 'utf8'))).toEqual({ name: 'minhchung', digest: DIGEST });
      expect(execFileSync('tar', ['-tzf', join(dir, 'code.tar.gz')], { encoding: 'utf8' }).trim().split('\n')).toEqual(['code.json', 'label']);
    });
  });

  test.each(['', 'Minhchung', 'a/b', '../x', 'a b'])('cannot be called %j', (name) => {
    expect(() => chaincodePackage(name, DIGEST)).toThrow(RangeError);
  });
});

/** A program of three files in a folder, which uses a package. */
async function program(dir: string, changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const files = {
    'main.js': 'import { a } from \'./lib/a.js\';\nexport * from "./b.js";\nimport fs from \'node:fs\';\n',
    'lib/a.js': 'import { thing } from \'@scope/thing/deep.js\';\nconst late = () => import(\'../b.js\');\n',
    'b.js': 'export const text = "import x from \'./not-imported.js\'";\nexport async function digest() { return hash(\'utf8\'); }\n',
    'unused.js': 'export const unused = 1;\n',
    'node_modules/@scope/thing/package.json': '{"name":"@scope/thing","version":"1.2.3"}',
    ...changes,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(dir, name, '..'), { recursive: true });
    await writeFile(join(dir, name), content);
  }
  return join(dir, 'main.js');
}

describe('the digest of code', () => {
  test('is over what the entry reaches, and the packages it uses', async () => {
    await inTemporaryDirectory(async (dir) => {
      const { files, packages } = await codeFiles(await program(dir));
      expect(Object.keys(files)).toEqual(['b.js', 'lib/a.js', 'main.js']);
      expect(packages).toEqual({ '@scope/thing': '1.2.3' });
    });
  });

  test('is the same wherever the code lies', async () => {
    await inTemporaryDirectory(async (dir) => {
      const here = await codeDigest(await program(join(dir, 'here')));
      expect(await codeDigest(await program(join(dir, 'there', 'deep')))).toBe(here);
      expect(here).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  test.each([
    ['a byte of the entry', { 'main.js': 'import { a } from \'./lib/a.js\';\n' }],
    ['a byte of an imported file', { 'lib/a.js': 'export const a = 2;\n' }],
    ['the version of a package', { 'node_modules/@scope/thing/package.json': '{"version":"1.2.4"}' }],
  ])('changes with %s', async (_, changes) => {
    await inTemporaryDirectory(async (dir) => {
      expect(await codeDigest(await program(join(dir, 'a'), changes))).not.toBe(await codeDigest(await program(join(dir, 'b'))));
    });
  });

  test('does not change with what is not reached', async () => {
    await inTemporaryDirectory(async (dir) => {
      expect(await codeDigest(await program(join(dir, 'a'), { 'unused.js': 'changed' }))).toBe(await codeDigest(await program(join(dir, 'b'))));
    });
  });

  test.each([
    ['import {\n  a,\n  b,\n} from \'./many-lines.js\';', ['./many-lines.js']],
    ['import \'./side-effect.js\';', ['./side-effect.js']],
    ['export { x } from "./again.js"; import y from \'./same-line.js\';', ['./again.js', './same-line.js']],
    ['const x = await import("./late.js");', ['./late.js']],
    ['export function from() { return f(\'./text.js\'); }', []],
    ['// no import of anything\nconst importer = "from \'x\'";', []],
  ])('finds the imports of %j', (source, imports) => {
    expect(importsOf(source)).toEqual(imports);
  });
});
