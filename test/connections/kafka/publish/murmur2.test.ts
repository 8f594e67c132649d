// Proves that keys go to the partitions that Kafka's Java client gives them, by the vectors of its own tests
// (org.apache.kafka.common.utils.UtilsTest.testMurmur2) and by kafkajs's partitioner.
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOfKey } from '../../../../connections/kafka/publish/murmur2.ts';

const kafkajsMurmur2 = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2.js') as (
  key: Buffer,
) => number;

describe('murmur2', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s is what Java says', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
    expect(partitionOfKey(7, Buffer.from(key))).toBe((hash & 0x7fffffff) % 7);
  });

  it('agrees with kafkajs on keys of every length and byte, wherever they lie in a buffer', () => {
    for (let length = 0; length < 70; length++) {
      const key = Buffer.from(Array.from({ length }, (_, index) => (index * 89 + length * 31 + 128) & 0xff));
      const outer = Buffer.concat([Buffer.from('xyz'), key, Buffer.from('tail')]);
      expect(murmur2(key)).toBe(kafkajsMurmur2(key));
      expect(murmur2(outer, 3, 3 + length)).toBe(kafkajsMurmur2(key));
    }
  });
});
