/** What an outside server did to us, in terms of what to do about it. */
export type ConnectionFault =
  | 'unavailable' // network, leader move, standby NameNode, time-out: trying again can help
  | 'denied' // not logged in, or not allowed
  | 'not-found'
  | 'exists' // something is there that we would have to overwrite
  | 'changed' // the file, topic or node is not what it was when the job looked first
  | 'truncated' // fewer bytes arrived than were announced; trying again can help
  | 'fenced' // a newer attempt or another job has taken over
  | 'refused' // the server understood and said no: trying again can't help
  | 'configuration'; // an address, a connection name or a credential that can't be right

const RETRYABLE: ReadonlySet<ConnectionFault> = new Set(['unavailable', 'truncated']);

/** The only error that a connection throws. Its message holds no secret. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly fault: ConnectionFault;
  /** Facts for the message and the tests: path, topic, partition, status, remote exception class, ... */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(fault: ConnectionFault, message: string, facts: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
    this.facts = facts;
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return RETRYABLE.has(this.fault);
  }
}
