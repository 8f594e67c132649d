/** What a shell learns of a command; docs/cli.md lists them. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** The job ended with an error, or a step of the command was refused. */
  failed: 1,
  /** The command, its options, the job's JSON or the worker's configuration are wrong; nothing was begun. */
  usage: 2,
  /** The job was cancelled or terminated. */
  cancelled: 3,
  /** Temporal can't be reached, doesn't let this user in, or has no such namespace. */
  unreachable: 4,
  /** Nobody answered in time: no worker serves the task queue, or the job is still on its way. */
  noAnswer: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
