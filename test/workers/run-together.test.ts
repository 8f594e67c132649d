// Workers of one process end together: one that fails takes the others along, and the process ends with its error.
import { expect, test } from 'vitest';
import { runTogether } from '../../workers/run-together.ts';

class FakeWorker {
  state: ReturnType<FakeWorker['getState']> = 'RUNNING';
  end!: (error?: Error) => void;
  readonly #ended = new Promise<void>((resolve, reject) => {
    this.end = (error) => {
      this.state = error === undefined ? 'STOPPED' : 'FAILED';
      if (error === undefined) resolve();
      else reject(error);
    };
  });

  run(): Promise<void> {
    return this.#ended;
  }

  getState(): 'RUNNING' | 'STOPPED' | 'FAILED' {
    return this.state;
  }

  /** Hands over, which takes a moment. */
  shutdown(): void {
    setTimeout(() => this.end(), 5);
  }
}

test('one that fails has the others hand over, and its error is told when they have', async () => {
  const [first, second, third] = [new FakeWorker(), new FakeWorker(), new FakeWorker()];
  const running = runTogether([first, second, third]);
  third.end();
  first.end(new Error('the namespace is gone'));
  await expect(running).rejects.toThrow('the namespace is gone');
  expect([first, second, third].map(({ state }) => state)).toEqual(['FAILED', 'STOPPED', 'STOPPED']);
});

test('of several that fail the first is told', async () => {
  const [first, second] = [new FakeWorker(), new FakeWorker()];
  const running = runTogether([first, second]);
  second.end(new Error('first'));
  first.end(new Error('second'));
  await expect(running).rejects.toThrow('first');
});

test('those that end are waited for, all of them', async () => {
  const [first, second] = [new FakeWorker(), new FakeWorker()];
  let ended = false;
  const running = runTogether([first, second]).then(() => (ended = true));
  first.end();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(ended).toBe(false);
  second.end();
  await running;
});
