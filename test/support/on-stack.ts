import { attachStack, type Stack } from '../../scripts/stack/development-stack.ts';
import { rejectOnAbort } from '../../scripts/stack/reject-on-abort.ts';
import { startStack, type StartStackOptions } from '../../scripts/stack/start-stack.ts';
import { ReplayHarness } from './replay-harness.ts';

/**
 * Works on the stack of that name, or on one of its own that goes afterwards.
 *
 * @param own what the stack of its own is called, beside the number of the process, and how it is started
 */
export async function onStack<T>(
  name: string | undefined,
  { purpose, ...own }: { purpose: string } & Pick<StartStackOptions, 'brokers' | 'registry' | 'onProgress'>,
  use: (stack: Stack) => Promise<T>,
): Promise<T> {
  if (name !== undefined) return use(attachStack(name));
  const stack = await startStack({ ...own, name: `${purpose}-${process.pid}`, owned: true });
  const interrupted = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => interrupted.abort(new Error(`ended by ${signal}`));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await Promise.race([use(stack), rejectOnAbort(interrupted.signal)]);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await stack.down({ deleteData: true });
    // What was at work on it still is, and would wait for servers that are gone.
    if (interrupted.signal.aborted) process.exit(130);
  }
}

/** As `onStack`, with a place on it that goes as well. */
export async function onHarness<T>(
  name: string | undefined,
  own: Parameters<typeof onStack>[1],
  use: (harness: ReplayHarness, stack: Stack) => Promise<T>,
): Promise<T> {
  return onStack(name, own, async (stack) => {
    const harness = await ReplayHarness.open(stack.addresses);
    try {
      return await use(harness, stack);
    } finally {
      await harness.close();
    }
  });
}
