import { ARCHIVE_FAULTS } from '../archive/registry.ts';
import { FAULT_KINDS, named } from '../registry.ts';
import type { RestoreKinds } from './play-restore-round.ts';

/** Families that leave the source topics as they are: what comes back is compared with them. */
const OF_ARCHIVES = ['processes.', 'network.', 'people.', 'renames.', 'registry.', 'room.', 'several.'];

/**
 * Ways of attacking an archive and the replay of it, whose names begin with one of the prefixes; all where none does.
 *
 * @throws RangeError where no kind of a replay is so named
 */
export function restoreKinds(prefixes: readonly string[], brokers: number): RestoreKinds {
  const archive = named(ARCHIVE_FAULTS, OF_ARCHIVES, brokers);
  const aimed = archive.filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)));
  return { archive: aimed.length > 0 ? aimed : archive, replay: named(FAULT_KINDS, prefixes, brokers) };
}
