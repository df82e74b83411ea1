/**
 * The peer's external builder: three short scripts that tell it where a chaincode server already runs. The package
 * names the code; where its server is reached, and with which certificates, is each organisation's own affair and is
 * read from the peer's folder.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeFolder } from './network-folder.js';

/** Arguments as Fabric gives them: source, metadata | source, metadata, output | output, release. */
const SCRIPTS: Readonly<Record<string, string>> = {
  detect: 'grep -q \'"type": *"ccaas"\' "$2/metadata.json"',
  // A label must not lead out of the peer's folder.
  build: 'label=$(cat "$1/label")\ncase "$label" in *[!a-z0-9-]* | "") exit 1 ;; esac\nprintf %s "$label" > "$3/label"',
  release: 'mkdir -p "$2/chaincode/server"\ncp "$(dirname "$0")/../../chaincode/$(cat "$1/label")/connection.json" "$2/chaincode/server/connection.json"',
};

/** Writes the scripts into a peer's folder. */
export async function writeExternalBuilder({ externalBuilder }: Pick<NodeFolder, 'externalBuilder'>): Promise<void> {
  const bin = join(externalBuilder, 'bin');
  await mkdir(bin, { recursive: true });
  for (const [name, script] of Object.entries(SCRIPTS)) {
    await writeFile(join(bin, name), `#!/bin/sh\nset -eu\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
}
