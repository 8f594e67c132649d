/** What is wrong with a worker's configuration, all of it at once: it doesn't start. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** What to do, in one sentence. */
  readonly remedy: string;

  constructor(what: string, remedy = 'docs/configuration.md describes every setting and variable.', cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.remedy = remedy;
  }
}
