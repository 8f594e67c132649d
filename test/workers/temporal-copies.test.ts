// Temporal's packages, as package managers leave them on the disk: a second copy, or a version that Rewind isn't made
// for, is an error that names where it is; nothing else is.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkOwnTemporalCopies, checkTemporalCopies } from '../../workers/temporal-copies.ts';

const ALL = ['activity', 'client', 'common', 'worker', 'workflow'];

/** A project with these packages: folder (of whose node_modules) to name to version. */
function project(packages: Record<string, Record<string, string>>): { program: string; own: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-copies-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [where, versions] of Object.entries(packages))
    for (const [name, version] of Object.entries(versions)) {
      const place = join(folder, where, 'node_modules', '@temporalio', name);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'package.json'), JSON.stringify({ name: `@temporalio/${name}`, version }));
    }
  return { folder, program: join(folder, 'worker.js'), own: join(folder, 'node_modules/kafka-rewind/dist/index.js') };
}

const versions = (version: string, names = ALL): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, version]));

test('one copy of each, of one version, is right, newer minor versions and those of this project included', () => {
  for (const version of ['1.24.0', '1.24.3', '1.31.0']) {
    const { program, own } = project({ '.': versions(version) });
    expect(() => checkTemporalCopies([own, program])).not.toThrow();
  }
  expect(() => checkOwnTemporalCopies()).not.toThrow();
});

test.each(['1.23.9', '2.0.0', '1.20.3'])('version %s is none that Rewind is made for', (version) => {
  const { program, own, folder } = project({ '.': versions(version) });
  expect(() => checkTemporalCopies([own, program])).toThrow(
    new RegExp(`that \\^1\\.24\\.0; found .*@temporalio/worker ${version} in ${folder}`),
  );
});

test("a copy below this package's own folder is told with both places", () => {
  const { program, own, folder } = project({
    '.': versions('1.24.0'),
    'node_modules/kafka-rewind': { workflow: '1.24.0' },
  });
  expect(() => checkTemporalCopies([own, program])).toThrow(
    `found @temporalio/workflow 1.24.0 in ${folder}/node_modules/@temporalio/workflow, @temporalio/workflow 1.24.0 in ${folder}/node_modules/kafka-rewind/node_modules/@temporalio/workflow.`,
  );
});

test("and so is the one that the user's worker stands on, where that is another than ours", () => {
  const { program, own } = project({
    '.': versions('1.24.0'),
    'node_modules/@temporalio/worker': { workflow: '1.25.0', common: '1.25.0' },
  });
  expect(() => checkTemporalCopies([own, program])).toThrow(
    /@temporalio\/common 1\.24\.0 .*@temporalio\/common 1\.25\.0/,
  );
});

test("a whole set of its own below this package, beside the user's older one, is told", () => {
  const { program, own } = project({
    '.': versions('1.20.0'),
    'node_modules/kafka-rewind': versions('1.24.0'),
  });
  expect(() => checkTemporalCopies([own, program])).toThrow(
    /@temporalio\/worker 1\.20\.0 .*@temporalio\/worker 1\.24\.0/,
  );
});

test('packages of several versions are told, and how one comes to one', () => {
  const { program, own } = project({ '.': { ...versions('1.24.0'), client: '1.24.1' } });
  expect(() => checkTemporalCopies([own, program])).toThrow(
    /client 1\.24\.1 .*npm install @temporalio\/activity@\^1\.24\.0 .*@temporalio\/workflow@\^1\.24\.0$/,
  );
});
