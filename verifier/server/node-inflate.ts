import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Inflate } from '../core/credential/status-list.js';

const unzip = promisify(gunzip);

/** Unpacks gzip (RFC 1952), never further than allowed: Node stops as soon as there would be more. */
export const nodeInflate: Inflate = async (gzip, most) => new Uint8Array(await unzip(gzip, { maxOutputLength: most }));
