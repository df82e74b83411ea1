/** `connection.json`: what a network says of itself to a gateway. Read strictly, for everything is trusted by it. */
import { X509Certificate } from 'node:crypto';
import { Problem, within } from '#domain/errors.js';
import { list, matching, object, oneOf, optional, parsedBy, text, wholeNumber, type Parsed, type Shape } from '#domain/shape.js';
import { parseStrictJson } from '#domain/strict-json.js';

const LONGEST_FILE = 2_000_000;
const MOST_PEERS = 100;
const MSP_ID = /^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/;
const REVOCATION_LIST = /^-----BEGIN X509 CRL-----[A-Za-z0-9+/=\s]+-----END X509 CRL-----\s*$/;

const mspId = matching(MSP_ID, 'MSP id, e.g. RegulatorMSP');
const address = matching(/^(?:[A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:]{2,45}\]):\d{1,5}$/, 'host:port');

const certificate: Shape<string> = parsedBy((pem) => {
  try {
    return new X509Certificate(pem) instanceof X509Certificate ? pem : '';
  } catch {
    throw new Problem('FIELD_WRONG_VALUE', { expected: 'a certificate, PEM' });
  }
});

/** An object whose names are `name` and whose values are `value`. */
function mapOf<T>(name: Shape<string>, value: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (given) => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'object' });
    return Object.fromEntries(Object.entries(given).map(([key, one]: [string, unknown]) => {
      try {
        return [name(key), value(one)];
      } catch (error) {
        throw error instanceof Problem ? within(key.slice(0, 60), error) : error;
      }
    }));
  };
}

const certificates = mapOf(mspId, list(certificate, { min: 1, max: 20 }));

const shape = object({
  channel: matching(/^[a-z][a-z0-9.-]{0,248}$/, 'name of a channel'),
  chaincode: matching(/^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$/, 'name of a chaincode'),
  consensus: oneOf('bft', 'raft', 'raft-single'),
  peers: list(object({ mspId, address, tlsRoot: certificate }), { min: 1, max: MOST_PEERS }),
  roots: certificates,
  ordererRoots: certificates,
  consenters: optional(mapOf(matching(/^\d{1,5}$/, 'number of a consenter'), object({ mspId, certificate }))),
  quorum: wholeNumber(1, 1000),
  genesisHash: matching(/^[0-9a-f]{64}$/, 'SHA-256 in hexadecimal'),
  authorities: mapOf(mspId, text(4096)),
  revocationLists: optional(mapOf(mspId, list(matching(REVOCATION_LIST, 'a revocation list, PEM'), { max: 20 }))),
});

/** A network as its `connection.json` has it. */
export type NetworkConnection = Parsed<typeof shape>;

/**
 * @param content of the file
 * @returns what it says; roots and a peer for each organisation that it names there
 * @throws Problem FABRIC_CONNECTION_WRONG with the field at fault and what was expected
 */
export function parseConnection(content: string): NetworkConnection {
  try {
    const connection = shape(parseStrictJson(content, LONGEST_FILE));
    const stranger = connection.peers.find((peer) => !Object.hasOwn(connection.roots, peer.mspId));
    if (stranger !== undefined) throw new Problem('FIELD_MISSING', { field: `roots.${stranger.mspId}` });
    return connection;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('FABRIC_CONNECTION_WRONG', { ...error.fields, reason: error.code });
  }
}
