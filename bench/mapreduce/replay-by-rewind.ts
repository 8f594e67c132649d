import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { stackEnvironment, type StackAddresses } from '../../scripts/stack/stack-addresses.ts';
import { INSTALLED } from '../../test/support/worker-process.ts';
import { runTimed, type TimedRun } from '../run-timed.ts';

/** A worker and the command that starts the job and waits for its end; then the worker is asked to end. */
const BOTH = `
"$1" "$2" worker >"$3/worker.log" 2>&1 </dev/null & worker=$!
"$1" "$2" replay "$3/job.json" --id "$4" --wait --json; code=$?
kill -TERM $worker; wait $worker
[ $code = 0 ] || tail -c 2000 "$3/worker.log" >&2
exit $code
`;

/**
 * A replay by a worker of its own with default settings, from the start of the worker's process until it has ended.
 *
 * @param id of the workflow, and of the task queue
 */
export async function replayByRewind(addresses: StackAddresses, id: string, job: ReplayInput): Promise<TimedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-bench-'));
  try {
    writeFileSync(join(folder, 'job.json'), JSON.stringify(job));
    const entry = join(projectRoot, 'dist', 'cli', 'rewind.js');
    return await runTimed({
      command: 'sh',
      args: ['-c', BOTH, 'sh', process.execPath, entry, folder, id],
      env: { ...stackEnvironment(addresses), ...INSTALLED, REWIND_TASK_QUEUE: id },
      cwd: folder,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
