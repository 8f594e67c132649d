/** What an archive's own records don't tell, or tell wrongly: final, with a remedy. `code` is that of docs/errors.md. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError';
  readonly code: 'history-missing' | 'history-unusable' | 'offsets-missing' | 'records-missing';
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: LayoutError['code'], message: string, facts: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}
