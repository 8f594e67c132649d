// A replay topic that is created keeps and takes every record, by settings of its own; of an existing one every setting
// that would lose, refuse or alter records is named, with its remedy.
import { describe, expect, it } from 'vitest';
import {
  maxMessageBytes,
  replayTopicSettings,
  unsafeSettings,
} from '../../../../activities/replay/publish/topic-settings.ts';
import type { TopicDescription } from '../../../../connections/kafka/admin/admin-port.ts';
import { replayJob } from '../../../support/replay-job.ts';

function topicWith(settings: Record<string, string>, replicas = 3): TopicDescription {
  return {
    topic: 'events_REPLAY',
    partitions: [{ partition: 0, earliest: 0n, latest: 0n, replicas }],
    settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value, inherited: false }])),
  };
}

const job = replayJob();
const own = replayTopicSettings(job);

describe('settings of a replay topic', () => {
  it('that is created are safe by our own rules', () => {
    expect(unsafeSettings(topicWith(own), job)).toEqual([]);
    expect(own).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '-1', 'max.message.bytes': '1048588' });
  });

  it('take the size of batches from the job', () => {
    const large = replayJob({ replayTopic: { maxMessageBytes: 5_000_000 } });
    expect(replayTopicSettings(large)['max.message.bytes']).toBe('5000000');
    expect(maxMessageBytes(topicWith(replayTopicSettings(large)))).toBe(5_000_000);
    expect(maxMessageBytes(topicWith({}))).toBe(1_048_588);
  });

  it.each([
    ['cleanup.policy', 'compact'],
    ['cleanup.policy', 'compact,delete'],
    ['retention.ms', '604800000'],
    ['retention.bytes', '1073741824'],
    ['message.timestamp.type', 'LogAppendTime'],
    ['message.timestamp.before.max.ms', '86400000'],
    ['message.timestamp.after.max.ms', '3600000'],
    ['min.insync.replicas', '4'],
  ])('are unsafe with %s=%s, and say why', (name, value) => {
    const found = unsafeSettings(topicWith({ ...own, [name]: value }), job);
    expect(found.length).toBe(1);
    expect(found[0]).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')}=${value} \\(.+\\)$`));
  });

  it('of timestamps do not matter where records get the time of publishing', () => {
    const published = replayJob({ output: { timestamps: 'publish' } });
    for (const setting of [
      { 'message.timestamp.type': 'LogAppendTime' },
      { 'message.timestamp.before.max.ms': '86400000' },
    ])
      expect(unsafeSettings(topicWith({ ...own, ...setting }), published)).toEqual([]);
  });

  it('that a broker does not tell are not judged', () => {
    expect(unsafeSettings(topicWith({}), job)).toEqual([]);
  });
});
