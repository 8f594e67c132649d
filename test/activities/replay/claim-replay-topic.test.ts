// The replay topic is made once, whatever a broker that has just come back knows of it.
import { expect, it, vi } from 'vitest';
import { MemoryReplay } from '../../support/kafka/memory-replay.ts';

it('is tried again where an attempt before it has made the topic, and the broker that is asked has not heard of it', async () => {
  const replay = await MemoryReplay.open();
  await replay.claim();
  const describe = vi.spyOn(replay.kafka, 'describeTopic').mockResolvedValue(undefined);
  await expect(replay.claim()).rejects.toMatchObject({
    fault: 'unavailable',
    retryable: true,
    message: expect.stringContaining(`topic ${replay.topic} is there already`) as string,
  });
  describe.mockRestore();
  await replay.claim();
});
