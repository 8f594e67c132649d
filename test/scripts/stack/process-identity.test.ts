// Proves that a signal reaches the process that was started and no other, even one that got its pid later.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identify, isAlive, isPaused, signalProcess } from '../../../scripts/stack/process-identity.ts';
import type { ProcessIdentity } from '../../../scripts/stack/process-identity.ts';

function startSleeper(): { identity: ProcessIdentity; ended: Promise<unknown> } {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  return { identity: identify(child.pid!)!, ended };
}

describe('process identity', () => {
  it('knows a running process, and that it has ended', async () => {
    const { identity, ended } = startSleeper();
    expect(isAlive(identity)).toBe(true);
    expect(signalProcess(identity, 'SIGTERM')).toBe(true);
    await ended;
    expect(isAlive(identity)).toBe(false);
    expect(identify(identity.pid)).toBeUndefined();
    expect(signalProcess(identity, 'SIGTERM')).toBe(false);
  });

  it('leaves a process alone that has the pid but another start time', () => {
    const { identity } = startSleeper();
    const former = { pid: identity.pid, startTime: `${identity.startTime}0` };
    expect(isAlive(former)).toBe(false);
    expect(signalProcess(former, 'SIGKILL')).toBe(false);
    expect(isAlive(identity)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('tells a frozen process from a running one', async () => {
    const { identity } = startSleeper();
    expect(isPaused(identity)).toBe(false);
    signalProcess(identity, 'SIGSTOP');
    await expect.poll(() => isPaused(identity)).toBe(true);
    signalProcess(identity, 'SIGCONT');
    await expect.poll(() => isPaused(identity)).toBe(false);
  });
});
