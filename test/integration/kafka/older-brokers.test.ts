// Proves the older versions of the protocol that brokers since 2.0 speak: the same questions and transactions give the
// same answers in them, asked of the broker of the test run, which still knows them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORDINAL_HEADER } from '../../../connections/kafka/batch/record-batch.ts';
import type { Api } from '../../../connections/kafka/wire/protocol/api.ts';
import { fetch, fetchById } from '../../../connections/kafka/wire/protocol/fetch.ts';
import { findCoordinator, offsetFetch } from '../../../connections/kafka/wire/protocol/groups.ts';
import { metadata } from '../../../connections/kafka/wire/protocol/metadata.ts';
import { listOffsets } from '../../../connections/kafka/wire/protocol/offsets.ts';
import { produce } from '../../../connections/kafka/wire/protocol/produce.ts';
import { describeConfigs } from '../../../connections/kafka/wire/protocol/settings.ts';
import { createTopics } from '../../../connections/kafka/wire/protocol/topics.ts';
import {
  addPartitionsToTxn,
  endTxn,
  initProducerId,
  txnOffsetCommit,
} from '../../../connections/kafka/wire/protocol/transactions.ts';
import { numbered, position, sentinel } from './numbered-records.ts';
import { connect, consume, newTopic, publisherOf, uniqueName } from './test-topic.ts';

type AnyApi = Api<never, unknown>;
const APIS = [
  ...[fetch, findCoordinator, offsetFetch, metadata, listOffsets, produce, createTopics, describeConfigs],
  ...[addPartitionsToTxn, endTxn, initProducerId, txnOffsetCommit],
] as unknown as AnyApi[];
const newest = new Map(APIS.map((api) => [api, api.versions]));

describe.each([0, 1, 2, 3, 4, 5, 6, 7])('version number %d of those that Rewind speaks', (place) => {
  beforeEach(() => {
    for (const api of APIS) api.versions = [newest.get(api)![place] ?? newest.get(api)!.at(-1)!];
    fetchById.versions = [];
  });
  afterEach(() => {
    for (const api of APIS) api.versions = newest.get(api)!;
    fetchById.versions = [13];
  });

  it('publishes, and tells topics, groups and last records', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 2, { 'retention.ms': '-1' });
    const group = uniqueName('position');
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    const batches = [numbered(topic, 0, 0, 100), numbered(topic, 1, 100, 200), sentinel(topic, 1)];
    await publisher.commit({ batches, offsets: [position(group, topic, 200, 'job')] });
    await publisher.commit({ batches: [sentinel(topic)], offsets: [] });

    const description = (await kafka.describeTopic(topic))!;
    expect(description.partitions.map(({ earliest, latest }) => [earliest, latest])).toEqual([
      [0n, 103n],
      [0n, 102n],
    ]);
    expect(description.settings['retention.ms']).toEqual({ value: '-1', inherited: false });
    expect(await kafka.describeTopic(uniqueName('missing'))).toBeUndefined();
    expect(await kafka.describeGroup(group, topic)).toEqual({
      group,
      members: 0,
      offsets: [{ partition: 0, offset: 200n, metadata: 'job' }],
    });
    expect((await kafka.lastCommittedRecords(topic)).map((last) => last!.offset)).toEqual([101n, 100n]);
    const [first, second] = await consume(topic, 2);
    expect(first).toHaveLength(100);
    expect(second!.at(-1)!.headers![ORDINAL_HEADER]!.toString()).toBe('199');
  });
});
