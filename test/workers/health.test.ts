// What the endpoint tells who keeps a worker running: live until it has failed, ready only while it takes work and
// Temporal answers.
import { expect, onTestFinished, test } from 'vitest';
import { HealthEndpoint, type Health } from '../../workers/health.ts';
import { HealthOfWorkers } from '../../workers/health-of-workers.ts';
import { freeAddress } from '../support/free-port.ts';

async function served(
  look: () => Promise<Health>,
): Promise<(path: string) => Promise<{ status: number; body: string }>> {
  const address = await freeAddress();
  const endpoint = await HealthEndpoint.open(address, look);
  onTestFinished(() => endpoint.close());
  return async (path) => {
    const answer = await fetch(`http://${address}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
}

const answers = {
  workflowService: { getSystemInfo: async () => ({}) },
  withDeadline: (_: unknown, ask: () => unknown) => ask(),
};
const refuses = {
  ...answers,
  workflowService: { getSystemInfo: () => Promise.reject(new Error('connection refused')) },
};
const inState = (state: string): never => ({ getState: () => state }) as never;

test('200 and 503 by the path, and what it is as JSON', async () => {
  const ask = await served(async () => ({ live: true, ready: false, workers: { rewind: 'DRAINING' }, reason: 'why' }));
  expect((await ask('/healthz')).status).toBe(200);
  const { status, body } = await ask('/readyz?verbose');
  expect(status).toBe(503);
  expect(JSON.parse(body)).toEqual({ live: true, ready: false, workers: { rewind: 'DRAINING' }, reason: 'why' });
  expect((await ask('/')).status).toBe(404);
});

test('an address that is none, or taken, is a fault of the configuration', async () => {
  const look = async (): Promise<Health> => ({ live: true, ready: true, workers: {} });
  await expect(HealthEndpoint.open('9465', look)).rejects.toThrow(/REWIND_HEALTH: expected host:port, found 9465/);
  const address = await freeAddress();
  const first = await HealthEndpoint.open(address, look);
  onTestFinished(() => first.close());
  await expect(HealthEndpoint.open(address, look)).rejects.toMatchObject({
    name: 'ConfigError',
    remedy: expect.stringContaining('port free') as string,
  });
});

test.each([
  ['before there are workers', [], { live: true, ready: false }],
  ['while all take work', ['RUNNING', 'RUNNING'], { live: true, ready: true }],
  ['while one drains', ['RUNNING', 'DRAINING'], { live: true, ready: false }],
  ['when one has failed', ['RUNNING', 'FAILED'], { live: false, ready: false }],
])('%s', async (_, states, expected) => {
  const health = new HealthOfWorkers();
  health.connected(answers as never);
  for (const [place, state] of states.entries()) health.add(`queue-${place}`, inState(state));
  expect(await health.look()).toMatchObject(expected);
});

test('while Temporal is away: live, and not ready, with the reason', async () => {
  const health = new HealthOfWorkers();
  health.connected(refuses as never);
  health.add('rewind', inState('RUNNING'));
  expect(await health.look()).toEqual({
    live: true,
    ready: false,
    workers: { rewind: 'RUNNING' },
    reason: "Temporal doesn't answer: connection refused",
  });
});

test('Temporal is asked once for all who ask in a while', async () => {
  let asked = 0;
  const health = new HealthOfWorkers();
  const workflowService = { getSystemInfo: async () => void (asked += 1) };
  health.connected({ ...answers, workflowService } as never);
  health.add('rewind', inState('RUNNING'));
  for (let times = 0; times < 5; times++) await health.look();
  expect(asked).toBe(1);
});
