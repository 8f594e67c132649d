// Who names the exec of an archive of Rewind's is told that its history is not where Camus has it, and where it is.
import { expect, test } from 'vitest';
import { writeExecution } from '../../support/write-execution.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { replayInMemory } from '../../support/replay-in-memory.ts';

test.each([
  ['/exec/history', /"archive": \{ "history": "\/exec\/history" \}/],
  ['/other/history', /^(?!.*"history": ).*There is no execution history at \/exec\/base\/history/],
])('a history at %s', async (history, message) => {
  const store = new MemoryFileStore();
  await writeExecution(store, `${history}/2026-11-20-10-00-00`, { events: { 0: 1 } });
  await store.write('/dest/events/hourly/2026/11/20/10/events.1.0.1.1.1795168800000', [Buffer.from('x\n')]);
  const job = { topic: 'events', archive: { dest: '/dest', exec: '/exec', format: 'text' as const } };
  await expect(replayInMemory(store, job)).rejects.toThrow(message);
});
