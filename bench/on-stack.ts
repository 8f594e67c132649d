import { attachStack, type Stack } from '../scripts/stack/development-stack.ts';
import { startStack } from '../scripts/stack/start-stack.ts';
import { ReplayHarness } from '../test/support/replay-harness.ts';

/** Measures on the stack of that name, or on one of its own that goes afterwards. */
export async function onStack(
  name: string | undefined,
  measure: (harness: ReplayHarness, stack: Stack) => Promise<void>,
): Promise<void> {
  const stack =
    name === undefined ? await startStack({ name: `bench-${process.pid}`, owned: true }) : attachStack(name);
  try {
    const harness = await ReplayHarness.open(stack.addresses);
    try {
      await measure(harness, stack);
    } finally {
      await harness.close();
    }
  } finally {
    if (name === undefined) await stack.down({ deleteData: true });
  }
}
