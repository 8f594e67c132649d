// How `rewind worker` doesn't start, as the person sees it who starts it: two lines without a stack trace, a sentence
// that is true, and an exit code for scripts. A worker that could not do its steps never polls the task queue.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { stackEnvironment } from '../../../scripts/stack/stack-addresses.ts';
import { runRewind } from './run-rewind.ts';

let harness: ReplayHarness;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
});
afterAll(() => harness.close());

const start = (environment: Record<string, string>, args: string[] = []) =>
  runRewind(harness, ['worker', ...args], { environment: { ...stackEnvironment(harness.stack), ...environment } });

test.each<[string, Record<string, string>, number, RegExp, RegExp]>([
  [
    'without Temporal',
    { TEMPORAL_ADDRESS: '127.0.0.1:1' },
    4,
    /can't be reached at 127\.0\.0\.1:1: Connection refused\.$/,
    /TEMPORAL_ADDRESS/,
  ],
  ['with TLS, which the server does not speak', { TEMPORAL_TLS: 'true' }, 4, /does not speak TLS/, /TEMPORAL_TLS/],
  [
    'with an URL for an address',
    { TEMPORAL_ADDRESS: 'http://localhost:7233' },
    2,
    /^rewind: TEMPORAL_ADDRESS: /,
    /TEMPORAL_ADDRESS/,
  ],
  [
    'in a namespace that is not there',
    { TEMPORAL_NAMESPACE: 'nowhere' },
    4,
    /has no namespace nowhere\.$/,
    /namespace create --namespace nowhere$/,
  ],
  [
    'with a profile that is not there',
    { TEMPORAL_PROFILE: 'nobody' },
    2,
    /Temporal's configuration can't be used/,
    /TEMPORAL_PROFILE/,
  ],
  [
    'with a broker without a port',
    { REWIND_KAFKA_BROKERS: 'localhost' },
    2,
    /expected 'host:port', found "localhost"\.$/,
    /docs\/configuration\.md/,
  ],
  [
    'with metrics at an address that is not here',
    { REWIND_METRICS_PROMETHEUS: '192.0.2.1:9464' },
    2,
    /metrics can't be served/,
    /REWIND_METRICS_PROMETHEUS/,
  ],
  [
    'with functions that are not there',
    { REWIND_FUNCTIONS: '/nowhere.mjs' },
    2,
    /functions module \/nowhere\.mjs can't be loaded/,
    /docs\/configuration\.md/,
  ],
  [
    'to decode alone, on the common task queue',
    { REWIND_SERVES: 'decode' },
    2,
    /is to decode alone/,
    /REWIND_DECODE_TASK_QUEUE/,
  ],
])('%s: two lines and its exit code', async (_, environment, code, first, second) => {
  const { err, out, ...ran } = await start(environment);
  const lines = err.trimEnd().split('\n');
  expect({ lines: lines.length, out, code: ran.code }).toEqual({ lines: 2, out: '', code });
  expect(lines[0]).toMatch(first);
  expect(lines[1]).toMatch(second);
  expect(err).not.toMatch(/\n\s+at |tonic|Error:/);
});

test('without connections: it says so as JSON, and nobody polls the task queue', async () => {
  const { out, err, code } = await runRewind(harness, ['worker', '--json']);
  const { error } = JSON.parse(err) as { error: { message: string; exitCode: number } };
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(error.message).toMatch(/no connection to HDFS and Kafka, and would fail every job/);
  const { out: status } = await runRewind(harness, ['status', '--json']);
  expect(JSON.parse(status)).toMatchObject({ workers: 0 });
});
