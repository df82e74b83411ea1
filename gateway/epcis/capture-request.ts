/** A document that was posted → what the capture job has to do, event by event. */
import { createHash } from 'node:crypto';
import { readEvent, type CapturedEvent } from '#domain/epcis/captured-event.js';
import { stepOf, type CaptureStep } from '#domain/epcis/command.js';
import { eventHashId } from '#domain/epcis/event-hash.js';
import type { Prefixes } from '#domain/epcis/json-ld-context.js';
import { glnsIn, type Directory } from '#domain/epcis/parties.js';
import { Problem, require, within } from '#domain/errors.js';
import type { Gln } from '#domain/gs1/item-key.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { ProvinceCode } from '#domain/registry/provinces.js';
import { storedProblem, type StoredProblem } from '../jobs/stored-problem.js';
import type { RegisterReader } from './ports.js';

/** One event of a job: either a step, or why it cannot be one. */
export interface CaptureItem {
  /** The CBV event hash; absent where the event could not be read. */
  readonly hash?: string;
  /** The sender's own. */
  readonly eventID?: string;
  readonly step?: CaptureStep;
  readonly refusal?: StoredProblem;
}

/** Different numbers that one document may have looked up. */
const MOST_GLNS = 500;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Reads every event. A document that is no EPCIS is refused as a whole; an event that is, but that nothing here fits,
 * is a matter for its job.
 *
 * @param place of an event in the document, e.g. `(index) => 'epcisBody.eventList[0]'`
 * @throws Problem of kind `malformed` or `too-large`, the first one found, its `field` the path in the document
 */
export async function captureItems(events: readonly unknown[], prefixes: Prefixes, by: OrganisationId, register: RegisterReader, place: (index: number) => string): Promise<CaptureItem[]> {
  const read = events.map((event, index) => attempt(() => readNamed(event, prefixes), place(index)));
  const directory = await lookUp(read.flatMap((one) => ('glns' in one ? one.glns : [])), register);
  return read.map((one, index) => ('refusal' in one ? one : itemOf(one.captured, by, directory, place(index))));
}

interface Named {
  readonly captured: CapturedEvent;
  readonly glns: readonly Gln[];
}

function readNamed(event: unknown, prefixes: Prefixes): Named {
  const captured = readEvent(event, prefixes);
  return { captured, glns: glnsIn(captured) };
}

function itemOf(captured: CapturedEvent, by: OrganisationId, directory: Directory, place: string): CaptureItem {
  const { eventID } = captured.event;
  const named = { hash: eventHashId(captured.event, sha256), ...(eventID === undefined ? {} : { eventID }) };
  return { ...named, ...attempt(() => ({ step: stepOf(captured, by, directory) }), place) };
}

/** What cannot be read is refused at once, what cannot be done is noted. */
function attempt<T extends object>(run: () => T, place: string): T | { readonly refusal: StoredProblem } {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const placed = within(place, error);
    if (placed.kind === 'malformed' || placed.kind === 'too-large') throw placed;
    return { refusal: storedProblem(placed) };
  }
}

async function lookUp(glns: readonly Gln[], register: RegisterReader): Promise<Directory> {
  const wanted = [...new Set(glns)];
  require(wanted.length <= MOST_GLNS, 'LIST_TOO_LONG', { field: 'epcisBody', longest: String(MOST_GLNS), of: 'GLN' });
  const organisations = new Map<Gln, OrganisationId | undefined>();
  const provinces = new Map<Gln, ProvinceCode | undefined>();
  await Promise.all(wanted.map(async (gln) => {
    organisations.set(gln, await register.organisationOf(gln));
    provinces.set(gln, await register.provinceOf(gln));
  }));
  return { organisationOf: (gln) => organisations.get(gln), provinceOf: (gln) => provinces.get(gln) };
}
