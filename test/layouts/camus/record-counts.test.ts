/** Proves that counts are those of Camus, file for file, however they were gathered; and that its audit messages are what their schema says. */
import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import type { RecordCount, TopicCounts } from '../../../layouts/archive-writing.ts';
import { countsFile, readCountsFile } from '../../../layouts/camus/counts-file.ts';
import { RecordCounter } from '../../../layouts/record-counter.ts';
import {
  encodeTrackingMonitoringEvent,
  TRACKING_MONITORING_EVENT_SCHEMA,
} from '../../../layouts/camus/tracking-monitoring-event.ts';
import { fixturesBelow, fixtureText } from '../../formats/support/fixture-files.ts';

type CamusCounts = Omit<TopicCounts, 'counts'> & { counts: Record<string, RecordCount>; errorCount: number };

const FILES = fixturesBelow('exec/history').filter((path) => /\/counts\./.test(path) && fixtureText(path).length > 2);

describe('counts', () => {
  it.each(FILES)('are those of Camus: %s', (path) => {
    const camus = JSON.parse(fixtureText(path)) as CamusCounts[];
    const ours = camus.map(({ counts, ...topic }) => {
      const counter = new RecordCounter(topic.topic, topic.granularity);
      // Every record once; the first and last of them at their own times.
      for (const { start, server, service, count } of Object.values(counts))
        for (let i = 0; i < count; i++)
          counter.add(Math.min(Math.max(start, topic.firstTimestamp), topic.lastTimestamp), server, service);
      const counted = counter.counts(topic.startTime, topic.endTime);
      return { ...counted, firstTimestamp: topic.firstTimestamp, lastTimestamp: topic.lastTimestamp };
    });
    expect(JSON.parse(countsFile(ours))).toEqual(camus);
  });

  it('add up, however the records were divided', () => {
    const whole = new RecordCounter('t', 600_000);
    const parts = [new RecordCounter('t', 600_000), new RecordCounter('t', 600_000), new RecordCounter('t', 600_000)];
    for (let i = 0; i < 1000; i++) {
      const time = 1_414_915_200_000 + ((i * 7919) % 7_200_000) - 3_600_000;
      whole.add(time, `app${i % 3}`, `svc,${i % 2}`);
      parts[i % 2]!.add(time, `app${i % 3}`, `svc,${i % 2}`);
    }
    const merged = new RecordCounter('t', 600_000);
    for (const part of parts) merged.merge(part.counts(1, 2));
    expect(merged.counts(1, 2)).toEqual(whole.counts(1, 2));
    expect(merged.counts(1, 2).counts.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
  });

  it('keep producers apart whose names look alike, and times before 1970', () => {
    const counter = new RecordCounter('t', 1000);
    counter.add(-1, 'a,b', 'c');
    counter.add(-1, 'a', 'b,c');
    const { counts, firstTimestamp, lastTimestamp } = counter.counts(0, 0);
    expect(counts).toEqual([
      { start: -1000, server: 'a', service: 'b,c', count: 1 },
      { start: -1000, server: 'a,b', service: 'c', count: 1 },
    ]);
    expect([firstTimestamp, lastTimestamp]).toEqual([-1, -1]);
    expect(readCountsFile(countsFile([counter.counts(0, 0)]))[0]?.counts).toEqual(counts);
  });

  it('of another topic or span are not added', () => {
    const counter = new RecordCounter('t', 1000);
    expect(() => counter.merge(new RecordCounter('u', 1000).counts(0, 0))).toThrow('counts of u by 1000 ms');
    expect(() => counter.merge(new RecordCounter('t', 10).counts(0, 0))).toThrow('counts of t by 10 ms');
    expect(() => new RecordCounter('t', 0)).toThrow('at least 1 ms');
  });
});

describe('an audit message', () => {
  const event = {
    time: 1_414_915_200_123,
    server: 'app1',
    service: 'svc-ü',
    guid: Buffer.alloc(16, 5),
    tier: 'hadoop',
    topic: 'page_views',
    count: 2 ** 40,
    begin: 1_414_914_600_000,
    end: 1_414_915_200_000,
  };

  it('is what its schema says', () => {
    const type = avro.Type.forSchema(JSON.parse(TRACKING_MONITORING_EVENT_SCHEMA) as never);
    const read: unknown = type.fromBuffer(encodeTrackingMonitoringEvent(event));
    expect(JSON.parse(JSON.stringify(read))).toEqual({
      header: {
        memberId: -1,
        time: event.time,
        server: 'app1',
        service: 'svc-ü',
        guid: JSON.parse(JSON.stringify(event.guid)) as unknown,
        treeId: null,
        requestId: null,
        impersonatorId: null,
      },
      tier: 'hadoop',
      eventType: 'page_views',
      count: event.count,
      beginTimestamp: event.begin,
      endTimestamp: event.end,
    });
  });

  it('has a guid of 16 bytes', () => {
    expect(() => encodeTrackingMonitoringEvent({ ...event, guid: Buffer.alloc(15) })).toThrow('16 bytes, not 15');
  });
});
