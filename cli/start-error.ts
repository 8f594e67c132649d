import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';

/** The errors with which a worker doesn't start say themselves what to do; any other one is handed back. */
export function startError(error: unknown): unknown {
  if (!(error instanceof Error) || !('remedy' in error) || typeof error.remedy !== 'string') return error;
  const exit = error.name === 'ConfigError' ? EXIT.usage : EXIT.unreachable;
  return new CommandError(exit, error.message, error.remedy);
}
