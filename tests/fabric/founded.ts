/** Files share a network: whichever comes first registers the fictional enterprises and their lot. */
import { Problem } from '#domain/errors.js';
import type { FabricWorld } from './fabric-world.js';

/** Registers them unless an earlier file has. */
export async function foundedOnce(world: FabricWorld): Promise<void> {
  try {
    await world.found();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'ORGANISATION_ALREADY_REGISTERED') throw error;
  }
}
