/**
 * The units at work: a machine of three organisations under a systemd of its own, every program in its sandbox. Needs root and
 * systemd; where these are missing the test says so and is not run.
 */
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runUnderSystemd, whyNoSystemd } from '../support/systemd-machine.js';

const whyNot = whyNoSystemd() ?? (process.env['FABRIC_BIN'] === undefined ? 'the programs are not in FABRIC_BIN' : undefined);
if (whyNot !== undefined) console.info(`not run: the units under a systemd of its own (${whyNot})`);

const FOLDER = '/var/lib/minhchung/fabric';
const MEMBERS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'];
const ORGANISATIONS = [...MEMBERS, 'OperatorMSP'];
const HOST = `${FOLDER}/hosts/RegulatorMSP`;

/** `now` runs what the command `units` says, and nothing else is done to set the machine up. */
const SCRIPT = `
as_owner() { setpriv --reuid=12345 --regid=12345 --clear-groups env -i PATH="$PATH" HOME=/var/lib/minhchung FABRIC_BIN=/srv/fabric FABRIC_NETWORK=${FOLDER} FABRIC_CONSENSUS=bft "$@"; }
hosts() { as_owner "${process.execPath}" /srv/minhchung/dist/network/fabric/hosts/main.js "$@"; }
unit() { systemctl show -p "$2" --value "$1"; }
cd /var/lib/minhchung
hosts plan network.json ${ORGANISATIONS.map((one) => `${one}=localhost`).join(' ')}
for one in ${ORGANISATIONS.join(' ')}; do hosts make network.json $one > /dev/null; done
hosts block > /dev/null
hosts units > commands || echo "units: $?"
sed -i 's/^sudo //' commands
# The rest of this machine's start is not here to wait for.
sed '/systemctl/d' commands | bash
for one in /etc/systemd/system/minhchung-*.service; do mkdir -p $one.d; printf '[Unit]\\nDefaultDependencies=no\\n' > $one.d/alone.conf; done
printf '[Unit]\\nDefaultDependencies=no\\n' >> /etc/systemd/system/minhchung.target
sed -n '/systemctl/p' commands | bash > /dev/null 2>&1
hosts join
for one in $(systemctl --no-legend --plain list-units 'minhchung-*.service' | awk '{print $1}'); do echo "unit $one $(unit $one ActiveState) $(unit $one NRestarts)"; done
peer=$(unit minhchung-peer-RegulatorMSP.service MainPID)
inside() { nsenter -t $peer -m -- setpriv --reuid=12345 --regid=12345 --clear-groups "$@"; }
for one in authority tls-authority admin orderer; do inside ls ${FOLDER}/hosts/RegulatorMSP/$one > /dev/null 2>&1 && echo "peer sees $one"; done
inside touch ${FOLDER}/written 2> /dev/null && echo "peer writes"
grep -h '^NoNewPrivs\\|^CapEff' /proc/$peer/status
server=$(systemctl --no-legend --plain list-units 'minhchung-chaincode-RegulatorMSP@*' | awk '{print $1}')
orderer=minhchung-orderer-RegulatorMSP.service
others=$(systemctl --no-legend --plain list-units 'minhchung-orderer-*MSP.service' | awk '{print $1}' | grep -v "$orderer")
restarted() { until [ "$(unit $1 NRestarts)" = 1 ] && [ "$(unit $1 ActiveState)" = active ]; do sleep 0.1; done; }
# Alone, the orderer takes a request and cannot order it.
systemctl stop $others
as_owner env FABRIC_CFG_PATH=${HOST}/peer CORE_PEER_MSPCONFIGPATH=${HOST}/admin/msp FABRIC_LOGGING_SPEC=error /srv/fabric/peer lifecycle chaincode approveformyorg \
  --channelID minhchung --name waits --version 1 --sequence 1 --waitForEvent=false -o localhost:17111 --tls --cafile ${HOST}/orderer/tls-root.pem && echo "request waits"
kill -9 $(unit $server MainPID)
restarted $server && echo "server restarted"
restarted $orderer && echo "orderer restarted"
echo "watch $(unit minhchung-orderer-watch.service ActiveState) $(unit minhchung-orderer-watch.service NRestarts)"
watch=$(unit minhchung-orderer-watch.service MainPID)
for one in ${HOST}/peer/tls/key.pem ${HOST}/admin/msp/keystore/key.pem ${HOST}/orderer/msp/keystore/key.pem ${HOST}/authority/key.pem; do nsenter -t $watch -m -- setpriv --reuid=12345 --regid=12345 --clear-groups cat $one > /dev/null 2>&1 && echo "watch sees $one"; done
systemctl start $others
hosts join
systemctl stop minhchung.target
echo "left $(systemctl --no-legend --plain list-units --state=active 'minhchung-*.service' | wc -l)"
`;

describe.skipIf(whyNot !== undefined)('units under systemd', () => {
  let output = '';

  beforeAll(async () => {
    output = await runUnderSystemd({ user: 'minhchung', shown: { '/srv/minhchung': resolve('.'), '/srv/fabric': resolve(process.env['FABRIC_BIN'] ?? '') }, script: SCRIPT });
  });

  test('every program starts in its sandbox, and stays', () => {
    const units = [...output.matchAll(/^unit (\S+) (\S+) (\d+)$/gm)].map(([, name = '', state, restarts]) => [name.replace(/@.*/, ''), state, restarts]);
    const wanted = ['minhchung-orderer-watch.service', ...ORGANISATIONS.map((one) => `minhchung-orderer-${one}.service`), ...MEMBERS.flatMap((one) => [`minhchung-peer-${one}.service`, `minhchung-chaincode-${one}`])];
    expect({ units: units.toSorted(), output: units.length === 0 ? output : '' }).toEqual({ units: wanted.map((name) => [name, 'active', '0']).toSorted(), output: '' });
  });

  test('the organisations agree on the chaincode, with processes that systemd keeps', () => {
    expect(output.match(/has joined the channel/g)).toHaveLength(4 + 3);
    expect(output).toMatch(/is approved by RegulatorMSP; 2 organisations have to/);
    expect(output.match(/the channel runs minhchung-[0-9a-f]{16}$/gm)?.length).toBeGreaterThanOrEqual(2 + 3);
  });

  test('a peer sees no key but its own, writes nothing but its data, and has no rights', () => {
    expect([output.match(/peer sees \S+/g), output.match(/peer writes/g)]).toEqual([null, null]);
    expect(output).toMatch(/^CapEff:\s*0{16}$/m);
    expect(output).toMatch(/^NoNewPrivs:\s*1$/m);
  });

  test('an orderer that stands still is ended by the watch, which sees no key but for asking, and is started again', () => {
    expect(output).toMatch(/^request waits$/m);
    expect(output).toMatch(/^orderer restarted\nwatch active 0$/m);
    expect(output.match(/watch sees \S+/g)).toBeNull();
  });

  test('a chaincode server that is killed is started again, and the target stops everything', () => {
    expect(output).toMatch(/^server restarted$/m);
    expect(output).toMatch(/^left 0$/m);
  });
});
