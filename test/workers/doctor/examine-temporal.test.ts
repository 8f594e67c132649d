// Of a task queue that nobody asks it is told what Temporal knows, and what that may come of.
import { expect, test } from 'vitest';
import type { Finding } from '../../../connections/finding.ts';
import { examineTemporal, type TemporalServices } from '../../../workers/doctor/examine-temporal.ts';

async function ofTaskQueues(taskQueues: [string, boolean][], secondsAgo: number): Promise<Finding[]> {
  const seconds = Math.floor(Date.now() / 1000) - secondsAgo;
  const services = {
    workflowService: {
      getSystemInfo: async () => ({ serverVersion: '1.2.3' }),
      describeNamespace: async () => ({}),
      listSchedules: async () => ({ schedules: [] }),
      describeTaskQueue: async () => ({ pollers: [{ identity: '7@host', lastAccessTime: { seconds } }] }),
    },
    operatorService: { listSearchAttributes: async () => ({ customAttributes: {} }) },
  } as unknown as TemporalServices;
  const found: Finding[] = [];
  const questions = { namespace: 'default', taskQueues: new Map(taskQueues) };
  await examineTemporal(services, questions, (finding) => void found.push(finding));
  return found.filter(({ about }) => about === 'task queue');
}

test('a worker that has as many steps in hand as it takes asks for none: that is told of a task queue of steps', async () => {
  const [steps, workflows] = await ofTaskQueues(
    [
      ['decode', false],
      ['rewind', true],
    ],
    200,
  );
  expect(steps).toMatchObject({
    verdict: 'fault',
    says: expect.stringMatching(
      /^nobody has asked the task queue decode for steps lately; the last was 7@host/,
    ) as string,
    remedy: expect.stringMatching(
      /^start a worker .*\. A worker asks for no step while it has as many in hand/,
    ) as string,
  });
  expect(workflows?.remedy).toMatch(/^start a worker .* until one serves it$/);
});

test('a worker that has asked within a minute serves it', async () => {
  expect(await ofTaskQueues([['decode', false]], 30)).toMatchObject([
    { verdict: 'fine', says: expect.stringContaining('is asked for tasks by 1 of its workers') as string },
  ]);
});
