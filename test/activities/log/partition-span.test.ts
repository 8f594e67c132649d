// Where a run reads a partition is decided by offsets and ids alone: what Kafka has lost, and a topic of another life,
// are never passed over in silence.
import { describe, expect, it } from 'vitest';
import { partitionSpan, type PartitionFacts } from '../../../activities/log/partition-span.ts';

const POLICIES = { gap: 'fail', recreated: 'fail', moveToEnd: [] as string[] } as const;

function facts(given: Partial<PartitionFacts>): PartitionFacts {
  return {
    topic: 'clicks',
    partition: 3,
    stored: 100n,
    earliest: 0n,
    stable: 300n,
    latest: 300n,
    otherTopic: undefined,
    startsAt: undefined,
    ...given,
  };
}

describe('a partition that the history knows', () => {
  it('goes on at its stored offset, up to the last stable one', () => {
    expect(partitionSpan(facts({ stable: 290n }), POLICIES)).toMatchObject({ from: 100n, to: 290n, stays: 100n });
  });

  it('has nothing to read where its offset is that of an open transaction', () => {
    expect(partitionSpan(facts({ stored: 300n, stable: 290n }), POLICIES)).toMatchObject({ from: 300n, to: 300n });
  });

  it('is a problem where Kafka deleted offsets before they were archived, which names them', () => {
    const span = partitionSpan(facts({ earliest: 150n }), POLICIES);
    expect(span).toMatchObject({ from: 100n, to: 100n, stays: 100n });
    expect(span.problem).toContain('clicks-3: offsets 100 to 149 are lost');
  });

  it('goes on behind a gap that is to be reported, and keeps it', () => {
    const span = partitionSpan(facts({ earliest: 150n }), { ...POLICIES, gap: 'report' });
    expect(span).toMatchObject({ from: 150n, to: 300n, stays: 150n, missing: [{ from: 100n, to: 150n }] });
    expect(span.problem).toBeUndefined();
    expect(span.remarks[0]).toContain('100 to 149');
  });

  it('reads nothing where all records were deleted, and stands at the end of the gap', () => {
    const span = partitionSpan(facts({ earliest: 300n }), { ...POLICIES, gap: 'report' });
    expect(span).toMatchObject({ from: 300n, to: 300n, stays: 300n });
  });

  it.each([
    ['whose log ends before the stored offset', { stored: 400n }],
    ['of a topic with another id, although its numbers fit', { otherTopic: true }],
  ])('is a problem %s', (_, given) => {
    const span = partitionSpan(facts(given), POLICIES);
    expect(span.from).toBe(span.to);
    expect(span.problem).toContain('recreated');
  });

  it('begins a topic of another life at its earliest offset only where the job says so', () => {
    const span = partitionSpan(facts({ otherTopic: true, earliest: 7n }), {
      ...POLICIES,
      recreated: 'continue-at-earliest',
    });
    expect(span).toMatchObject({ from: 7n, to: 300n, stays: 7n });
    expect(partitionSpan(facts({ stored: 400n }), { ...POLICIES, recreated: 'leave' })).toMatchObject({
      from: 400n,
      to: 400n,
      stays: 400n,
    });
  });

  it('moves to its end without reading, and keeps what it passed over', () => {
    const span = partitionSpan(facts({}), { ...POLICIES, moveToEnd: ['clicks'] });
    expect(span).toMatchObject({ from: 300n, to: 300n, stays: 300n, missing: [{ from: 100n, to: 300n }] });
  });
});

describe('a partition that is new', () => {
  it('begins at its earliest offset', () => {
    expect(partitionSpan(facts({ stored: undefined, earliest: 5n }), POLICIES)).toMatchObject({ from: 5n, to: 300n });
  });

  it('begins where the job says, within the log', () => {
    expect(partitionSpan(facts({ stored: undefined, startsAt: 200n }), POLICIES).from).toBe(200n);
    expect(partitionSpan(facts({ stored: undefined, startsAt: 900n }), POLICIES).from).toBe(300n);
    expect(partitionSpan(facts({ stored: undefined, startsAt: 1n, earliest: 9n }), POLICIES).from).toBe(9n);
  });
});

describe('a partition whose log lost its end in an unclean election', () => {
  const lost = { stored: 100n, knownEnd: 80n, otherTopic: false };

  it('is a problem that names the offsets, also where the log has grown past the stored one', () => {
    const span = partitionSpan(facts(lost), POLICIES);
    expect(span).toMatchObject({ from: 100n, to: 100n, stays: 100n });
    expect(span.problem).toContain('clicks-3: an unclean election lost offsets 80 to 99, which were archived');
  });

  it('goes on where the log was cut off, not at its earliest offset, where the job says so', () => {
    const policies = { ...POLICIES, recreated: 'continue-at-earliest' } as const;
    expect(partitionSpan(facts(lost), policies)).toMatchObject({ from: 80n, to: 300n, stays: 80n });
    // Retention has gone past the cut, or the log has not grown again.
    expect(partitionSpan(facts({ ...lost, earliest: 90n }), policies)).toMatchObject({ from: 90n, to: 300n });
    const short = { ...lost, stable: 80n, latest: 80n };
    expect(partitionSpan(facts(short), policies)).toMatchObject({ from: 80n, to: 80n, stays: 80n });
  });

  it('stays where it is where the job says so', () => {
    const span = partitionSpan(facts(lost), { ...POLICIES, recreated: 'leave' });
    expect(span).toMatchObject({ from: 100n, to: 100n, stays: 100n });
    expect(span.remarks[0]).toContain('80 to 99');
  });

  it('goes on as ever where another leader kept it all, or the topic may be another one', () => {
    expect(partitionSpan(facts({ ...lost, knownEnd: 100n }), POLICIES)).toMatchObject({ from: 100n, to: 300n });
    expect(partitionSpan(facts({ ...lost, otherTopic: undefined }), POLICIES)).toMatchObject({ from: 100n, to: 300n });
  });
});
