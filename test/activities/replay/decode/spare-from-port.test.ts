// A thread finds the memory that it is lent for its next runs without waiting for its events.
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { SpareFromPort } from '../../../../activities/replay/decode/spare-from-port.ts';
import { SortBuffer } from '../../../../formats/sorted/sort/sort-buffer.ts';
import { memoryOf, type SortedRun } from '../../../../formats/sorted/sort/sorted-run.ts';

function runOf(split: number): SortedRun {
  const buffer = new SortBuffer({ capacity: 1024, beside: 0 });
  buffer.begin().append(Buffer.from('body'));
  buffer.commit(0, 1, 0, 0, 0);
  return buffer.take(split);
}

describe('memory that a thread is lent', () => {
  it('is that of its task and what came by its port, each once, and what is left can be given back', () => {
    const { port1, port2 } = new MessageChannel();
    try {
      const task = [runOf(0)];
      const spare = new SpareFromPort(task, port2);
      const lent = [runOf(1), runOf(2), runOf(3)];
      for (const run of lent) port1.postMessage(run, memoryOf(run));
      expect(lent.map(({ bodies }) => bodies.length)).toEqual([0, 0, 0]);
      const taken = [spare.pop(), spare.pop()];
      expect(taken.map((run) => run?.split)).toEqual([3, 2]);
      expect(taken.every((run) => run !== undefined && run.bodies.length > 0)).toBe(true);
      const late = runOf(4);
      port1.postMessage(late, memoryOf(late));
      expect(spare.takeAll().map(({ split }) => split)).toEqual([0, 1, 4]);
      expect(spare.takeAll()).toEqual([]);
      expect(spare.pop()).toBeUndefined();
    } finally {
      port1.close();
    }
  });
});
