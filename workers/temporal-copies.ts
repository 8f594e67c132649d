import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Temporal's packages that keep state or are told apart by their classes: a process must have each of them once. */
const PACKAGES = ['activity', 'client', 'common', 'worker', 'workflow'];

/** Where a copy was found, and by whom. */
interface Copy {
  name: string;
  version: string;
  folder: string;
}

/**
 * Looks for a second copy of Temporal's packages, or one of another version than Rewind is made for. With two copies a
 * worker starts and serves, but its workflow tasks fail for ever, and jobs stay `Running`: so this is said at once.
 *
 * @param seenFrom files from which the packages are looked for: this package's own, and the program's
 * @throws Error 'ConfigError' that names the copies, and what to install
 */
export function checkTemporalCopies(seenFrom: readonly string[]): void {
  const copies = new Map<string, Copy>();
  for (const name of PACKAGES)
    for (const from of seenFrom) {
      const copy = copyOf(name, from);
      if (copy === undefined) continue;
      copies.set(copy.folder, copy);
      // A worker brings its own: what it stands on is what runs.
      if (name !== 'worker') continue;
      for (const other of PACKAGES) {
        const under = copyOf(other, join(copy.folder, 'package.json'));
        if (under !== undefined) copies.set(under.folder, under);
      }
    }
  const found = [...copies.values()].sort((a, b) => (a.name + a.folder < b.name + b.folder ? -1 : 1));
  const doubled = found.filter(({ name }, _, all) => all.filter((copy) => copy.name === name).length > 1);
  const versions = new Set(found.map(({ version }) => version));
  const range = supported();
  const wrong = found.filter(({ version }) => !isIn(version, range));
  if (doubled.length === 0 && versions.size <= 1 && wrong.length === 0) return;
  const told = doubled.length > 0 ? doubled : versions.size > 1 ? found : wrong;
  const lines = told.map(({ name, version, folder }) => `@temporalio/${name} ${version} in ${folder}`);
  const install = PACKAGES.map((name) => `@temporalio/${name}@${range}`).join(' ');
  const error = new Error(
    `Temporal's packages must be there once each, all of one version, and that ${range}; found ${lines.join(', ')}. Workflows would fail for ever without a word. Install one version of all: npm install ${install}`,
  );
  error.name = 'ConfigError';
  throw error;
}

/** The copies that a process which runs this file, and began with `program`, would load. */
export function checkOwnTemporalCopies(program: string | undefined = process.argv[1]): void {
  checkTemporalCopies([import.meta.filename, ...(program === undefined ? [] : [program])]);
}

function copyOf(name: string, from: string): Copy | undefined {
  try {
    const file = createRequire(pathToFileURL(from)).resolve(`@temporalio/${name}/package.json`);
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    return { name, version, folder: dirname(file) };
  } catch (error) {
    // Not everybody has all of them: what is needed and missing is told by the import itself.
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The range that this package asks for, such as `^1.24.0`. */
function supported(): string {
  let folder = import.meta.dirname;
  for (;;) {
    try {
      const text = readFileSync(join(folder, 'package.json'), 'utf8');
      const { peerDependencies } = JSON.parse(text) as { peerDependencies: Record<string, string> };
      return peerDependencies['@temporalio/worker']!;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === dirname(folder)) throw error;
      folder = dirname(folder);
    }
  }
}

/** Of a range `^MAJOR.MINOR.PATCH`. */
function isIn(version: string, range: string): boolean {
  const numbers = (text: string): number[] => text.split(/[.-]/).slice(0, 3).map(Number);
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [wantedMajor = 0, wantedMinor = 0, wantedPatch = 0] = numbers(range.slice(1));
  if (major !== wantedMajor) return false;
  return minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch);
}
