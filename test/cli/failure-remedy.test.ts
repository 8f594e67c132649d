// What the command advises after a failure: "rewind resume" stands only where taking the same job up can help.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { JOB_ERROR_CODES } from '../../activities/step/job-error.ts';
import { remedyOf } from '../../cli/failure-remedy.ts';

const CATALOGUE = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const TYPES = [...CATALOGUE.matchAll(/^###? (rewind\.[\w-]+\.[\w-]+)$/gm)].map(([, type]) => type!);

const HOPELESS = [
  'rewind.job.input-invalid',
  'rewind.job.earlier-life',
  'rewind.job.time-units-differ',
  'rewind.job.offsets-outside-live-range',
  'rewind.job.replay-topic-claimed',
  'rewind.job.position-lost',
  'rewind.job.replay-topic-changed',
  'rewind.job.staging-lost',
  'rewind.connection.changed',
];

test.each(HOPELESS)('%s is nothing that resuming can cure', (type) => {
  expect(remedyOf(type, 'replay-events')).not.toContain('rewind resume');
  expect(remedyOf(type, 'replay-events')).toMatch(/anew/);
});

test.each(['rewind.job.offsets-group-active', 'rewind.connection.denied', 'rewind.internal', undefined])(
  '%s: the job is taken up once its cause is repaired',
  (type) => {
    expect(remedyOf(type, 'replay-events')).toContain('rewind resume replay-events takes the job up');
  },
);

test('the job may be wrong, or what it names: both ways are told', () => {
  expect(remedyOf('rewind.job.no-input-files', 'x')).toMatch(/start it anew; or, .*rewind resume x/);
  expect(remedyOf('rewind.format.corrupt', 'x')).toMatch(
    /unchanged.*rewind resume x.*written again: start the job anew/,
  );
});

test.each(['time', 'schema', 'limit', 'function', 'corrupt'])(
  'what can not be read (rewind.format.%s) may be left out by the job that has begun, where it stopped',
  (fault) => {
    const remedy = remedyOf(`rewind.format.${fault}`, 'x');
    expect(remedy).toContain('set badData.policy to "skip" in the job, and rewind resume x --job JOB.json');
    expect(remedy).toMatch(/start the job anew/);
  },
);

test('a limit, and a window that does not fit, are changed in the job that is taken up', () => {
  for (const code of ['skip-limit', 'window-too-large'])
    expect(remedyOf(`rewind.job.${code}`, 'x')).toContain('rewind resume x --job JOB.json takes it up');
});

test.each(['times-astray', 'records-differ'])(
  '%s: what is right as it is may be reported by the job that has begun; else the job is corrected',
  (code) => {
    expect(remedyOf(`rewind.job.${code}`, 'x')).toMatch(
      /to "report" in the job, and rewind resume x --job JOB\.json goes on.*correct the job and start it anew/,
    );
  },
);

test.each(['take-up-differs', 'take-up-unknown'])(
  '%s: the input is corrected, and the same job taken up: begun anew it would find its topic claimed',
  (code) => {
    expect(remedyOf(`rewind.job.${code}`, 'x')).toMatch(
      /rewind resume x --job JOB\.json takes it up; or start it anew, with the same takeUp/,
    );
  },
);

test('a job that has the topic already goes on by its own name, which no resuming of the refused one does', () => {
  expect(remedyOf('rewind.job.replay-topic-claimed', 'x')).toMatch(/takeUp.*another replay topic/);
});

test('a record outside of its window: both ways are told, and by what they differ', () => {
  expect(remedyOf('rewind.job.outside-window', 'x')).toMatch(
    /behind what is published: .*"auto".*rewind resume x --job JOB\.json.*before: .*"whole".*start the job anew/,
  );
});

test('every error of the catalogue has one line of advice that names its type or the fields', () => {
  expect(TYPES.length).toBeGreaterThan(JOB_ERROR_CODES.length);
  for (const type of TYPES) {
    const remedy = remedyOf(type, 'x');
    expect(remedy).toMatch(/rewind resume x|start it anew|Start the job anew|start the job anew/);
    expect(remedy).not.toContain('\n');
  }
});
