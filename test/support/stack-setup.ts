import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { attachStack } from '../../scripts/stack/development-stack.ts';
import type { StackAddresses } from '../../scripts/stack/stack-addresses.ts';
import { StackError } from '../../scripts/stack/stack-error.ts';
import { stackFolder } from '../../scripts/stack/stack-state.ts';
import { removeAbandonedStacks, startStack } from '../../scripts/stack/start-stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the servers of the test run are: `inject('stack')`. */
    stack: StackAddresses;
    /** The name of that stack, for `attachStack`: to end, freeze and start its servers. */
    stackName: string;
  }
}

/**
 * Real servers for a test run: the stack named by REWIND_TEST_STACK, left running afterwards, else one of its own,
 * which is ended and deleted whatever the tests' result.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const shared = process.env['REWIND_TEST_STACK'];
  if (shared !== undefined && shared !== '') {
    await provideShared(project, shared);
    return undefined;
  }
  for (const name of await removeAbandonedStacks()) console.error(`removed stack ${name}: its test run was killed`);
  const name = `test-${randomBytes(4).toString('hex')}`;
  // The runner may end without a teardown (a signal, process.exit): nothing asynchronous happens any more by then.
  const removeNow = (): void => {
    if (existsSync(join(stackFolder(name), 'state.json'))) attachStack(name).removeNow();
  };
  process.once('exit', removeNow);
  const stack = await startStack({ name, owned: true, onProgress: (line) => console.error(`stack: ${line}`) });
  project.provide('stack', stack.addresses);
  project.provide('stackName', stack.name);
  return async () => {
    await stack.down({ deleteData: true });
    process.off('exit', removeNow);
  };
}

async function provideShared(project: TestProject, name: string): Promise<void> {
  const stack = attachStack(name);
  for (const server of Object.values(stack.servers)) {
    const reason = await server.whyNot();
    if (reason !== undefined) {
      throw new StackError(
        `REWIND_TEST_STACK=${name}: ${server.name} does not answer: ${reason}. Start it with npm run stack -- up ` +
          `--name ${name}, or leave the variable out`,
      );
    }
  }
  project.provide('stack', stack.addresses);
  project.provide('stackName', stack.name);
}
