// Times that are told from the scheduled start: each firing of a Schedule gets its own, by the calendar of a zone.
import { describe, expect, it } from 'vitest';
import { isRelativeTime, resolveRelativeTime } from '../../../../activities/replay/job/relative-time.ts';
import { parseReplayInput } from '../../../../activities/replay/job/parse-input.ts';
import { replayTopicNameOf, timesOf } from '../../../../activities/replay/job/job-times.ts';
import { fillTopicTemplate, isTopicTemplate } from '../../../../activities/replay/job/topic-template.ts';

const at = (text: string, base: string, zone = 'UTC'): string =>
  new Date(resolveRelativeTime(text, Date.parse(base), zone)).toISOString();

describe('a relative time', () => {
  it.each([
    ['now', '2026-11-22T13:14:15.016Z'],
    ['-1d', '2026-11-21T13:14:15.016Z'],
    ['-1d/d', '2026-11-21T00:00:00.000Z'],
    ['/d', '2026-11-22T00:00:00.000Z'],
    ['now/d+2h', '2026-11-22T02:00:00.000Z'],
    ['-90m', '2026-11-22T11:44:15.016Z'],
    ['-30s/m', '2026-11-22T13:13:00.000Z'],
    ['/h-1h', '2026-11-22T12:00:00.000Z'],
    ['/w', '2026-11-16T00:00:00.000Z'],
    ['-1w/w', '2026-11-09T00:00:00.000Z'],
    ['/M', '2026-11-01T00:00:00.000Z'],
    ['-1M/M', '2026-10-01T00:00:00.000Z'],
    ['-1y/y', '2025-01-01T00:00:00.000Z'],
    ['+1d/d', '2026-11-23T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(isRelativeTime(text)).toBe(true);
    expect(at(text, '2026-11-22T13:14:15.016Z')).toBe(expected);
  });

  it('keeps to the last day of a short month', () => {
    expect(at('-1M', '2026-03-31T10:00:00Z')).toBe('2026-02-28T10:00:00.000Z');
    expect(at('-1y', '2024-02-29T10:00:00Z')).toBe('2023-02-28T10:00:00.000Z');
  });

  it('has days of its zone, of 23 and 25 hours where the clocks change', () => {
    expect(at('-1d/d', '2026-10-26T03:00:00Z', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z');
    expect(at('/d', '2026-10-26T03:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z');
    expect(at('/d', '2026-03-29T22:30:00Z', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
    expect(at('-1d', '2026-03-29T10:00:00Z', 'Europe/Berlin')).toBe('2026-03-28T11:00:00.000Z');
  });

  it.each(['', 'yesterday', '1d', '-1', '-d', '-1q', '/', 'now-1d/', '2026-11-22T13:00:00Z'])('is not %j', (text) => {
    expect(isRelativeTime(text)).toBe(false);
  });
});

describe("a replay topic's name", () => {
  const times = { start: Date.parse('2026-11-22T02:03:00Z'), from: Date.parse('2026-11-21T00:00:00Z'), to: undefined };

  it('holds the dates of the scheduled start and of the range', () => {
    expect(fillTopicTemplate('events_{yyyy-MM-dd}', times, 'UTC')).toBe('events_2026-11-22');
    expect(fillTopicTemplate('events_{from:yyyyMMdd}.{HHmm}', times, 'UTC')).toBe('events_20261121.0203');
    expect(fillTopicTemplate('e_{yyyy-MM-dd}', times, 'America/Los_Angeles')).toBe('e_2026-11-21');
    expect(fillTopicTemplate('plain', times, 'UTC')).toBe('plain');
  });

  it('is none where the range that it names is not given', () => {
    expect(fillTopicTemplate('events_{to:yyyy}', times, 'UTC')).toBeUndefined();
  });

  it.each([
    ['events_{yyyy}', true],
    ['events_{}', false],
    ['events_{date}', false],
    ['events_{yyyy/MM}', false],
    ['events_{yyyy', false],
    ['a b', false],
    [`${'x'.repeat(246)}{yyyy}`, false],
  ])('%s: %s', (text, fine) => {
    expect(isTopicTemplate(text)).toBe(fine);
  });
});

describe('a job', () => {
  const MINIMAL = { topic: 'events', archive: { dest: '/camus/dest' } };
  const start = Date.parse('2026-11-22T02:00:00Z');

  it('covers yesterday, whenever it runs', () => {
    const job = parseReplayInput(
      { ...MINIMAL, from: '-1d/d', to: '/d', replayTopic: 'events_{from:yyyy-MM-dd}', timeZone: 'Europe/Berlin' },
      start,
    );
    expect(timesOf(job, start)).toEqual({
      from: Date.parse('2026-11-20T23:00:00Z'),
      to: Date.parse('2026-11-21T23:00:00Z'),
    });
    expect(replayTopicNameOf(job, start)).toBe('events_2026-11-21');
  });

  it.each([
    [{ from: '/d', to: '-1d/d' }, /from: expected from before to, found from \/d and to -1d\/d/],
    [{ replayTopic: 'events_{to:yyyy}' }, /replayTopic: expected from and to beside the dates/],
    [{ topic: 'events_2026', replayTopic: 'events_{yyyy}' }, /replayTopic: expected another topic than the source/],
    [{ rate: { records: 0 } }, /rate\.records: /],
    [{ takeUp: 'replay-events' }, /takeUp: expected the id of a job/],
  ])('is refused for %j', (fields, message) => {
    expect(() => parseReplayInput({ ...MINIMAL, ...fields }, start)).toThrow(message);
  });
});
