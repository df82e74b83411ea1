/** Where everything of one network lies. One folder per organisation, so that it can travel to a machine of its own. */
import { basename, join } from 'node:path';

/** Paths below a network's folder; none of them is made or read here. */
export class NetworkFolder {
  readonly root: string;

  /** @param root absolute, e.g. `/srv/minhchung/data/fabric` */
  constructor(root: string) {
    this.root = root;
  }

  /** The topology as it was made. */
  get topology(): string { return join(this.root, 'network.json'); }
  get genesisBlock(): string { return join(this.root, 'channel.block'); }
  /** What a gateway connects with. */
  get connection(): string { return join(this.root, 'connection.json'); }
  /** The collections of private data in the chaincode's definition, as the peer's commands read them. */
  get collections(): string { return join(this.root, 'collections.json'); }
  get hosts(): string { return join(this.root, 'hosts'); }
  get run(): string { return join(this.root, 'run'); }

  /** Names of processes that have yet to be started anew for their new certificates. */
  get pendingRestarts(): string { return join(this.run, 'pending-restarts'); }

  host(mspId: string): HostFolder {
    return new HostFolder(join(this.hosts, mspId), mspId);
  }

  /** @param name of a process, e.g. `peer-RegulatorMSP` */
  pidFile(name: string): string { return join(this.run, `${name}.pid`); }
  /** Holds the number of the process once it is ready; for those that tell nobody by themselves. */
  readyFile(name: string): string { return join(this.run, `${name}.ready`); }
  logFile(name: string): string { return join(this.run, `${name}.log`); }
  /** Holds a line for each time that an orderer was started again because it had stood still. */
  standstillsFile(name: string): string { return join(this.run, `${name}.standstills`); }
}

/** One organisation's folder. */
export class HostFolder {
  readonly root: string;
  readonly mspId: string;

  constructor(root: string, mspId: string) {
    this.root = root;
    this.mspId = mspId;
  }

  /** The authority that enrols its members. */
  get authority(): string { return join(this.root, 'authority'); }
  /** The authority of its TLS certificates: another root, or every TLS certificate would be a member. */
  get tlsAuthority(): string { return join(this.root, 'tls-authority'); }
  /** The organisation as the channel knows it: roots and roles, no key. */
  get msp(): string { return join(this.root, 'msp'); }
  /** With what the nodes on this machine are administered: `certificate.pem`, `key.pem`. */
  get operations(): string { return join(this.root, 'operations'); }
  /** What their administrative and operations ports trust. */
  get operationsRoot(): string { return join(this.operations, 'root.pem'); }
  get admin(): NodeFolder { return new NodeFolder(join(this.root, 'admin')); }
  get peer(): NodeFolder { return new NodeFolder(join(this.root, 'peer')); }
  get orderer(): NodeFolder { return new NodeFolder(join(this.root, 'orderer')); }
  get chaincodes(): string { return join(this.root, 'chaincode'); }
  /** Both ends' certificates between peer and chaincode server, where the authorities are on another machine. */
  get chaincodeTls(): string { return join(this.root, 'chaincode-tls'); }

  /** @param label of a package, e.g. `minhchung-0123456789abcdef` */
  chaincode(label: string): ChaincodeFolder {
    return new ChaincodeFolder(join(this.chaincodes, label), join(this.peer.chaincodes, label));
  }
}

/** Files of one node, or of the administrator. */
export class NodeFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get msp(): string { return join(this.root, 'msp'); }
  get certificate(): string { return join(this.msp, 'signcerts', 'certificate.pem'); }
  get key(): string { return join(this.msp, 'keystore', 'key.pem'); }
  /** `certificate.pem` and `key.pem`. */
  get tls(): string { return join(this.root, 'tls'); }
  get tlsCertificate(): string { return join(this.tls, 'certificate.pem'); }
  get tlsKey(): string { return join(this.tls, 'key.pem'); }
  get tlsRoot(): string { return join(this.root, 'tls-root.pem'); }
  get data(): string { return join(this.root, 'data'); }
  get externalBuilder(): string { return join(this.root, 'builder'); }
  /** What a peer connects with to its chaincode servers: its own key is there, and none of theirs. */
  get chaincodes(): string { return join(this.root, 'chaincode'); }
  /** Where a peer keeps what the builder gave it. */
  get released(): string { return join(this.data, 'externalbuilder'); }
}

/** Files of one version of one chaincode in one organisation: the server's, and in a folder of their own the peer's. */
export class ChaincodeFolder {
  readonly root: string;
  /** The peer's part. */
  readonly client: string;

  constructor(root: string, client: string) {
    this.root = root;
    this.client = client;
  }

  /** e.g. `minhchung-0123456789abcdef` */
  get label(): string { return basename(this.root); }
  get package(): string { return join(this.root, 'package.tar.gz'); }
  /** What the server is started with. */
  get server(): string { return join(this.root, 'server.json'); }
  /** The version's compiled code. */
  get code(): string { return join(this.root, 'code'); }
  /** What the peer connects with. */
  get connection(): string { return join(this.client, 'connection.json'); }
  get serverTls(): string { return join(this.root, 'server-tls'); }
  get clientTls(): string { return join(this.client, 'client-tls'); }
}
