import { ConnectionError } from '../../connection-error.ts';

/** The log no longer holds, or never held, the offset that was asked for. */
export class OffsetOutOfRange extends ConnectionError {
  readonly offset: bigint;
  /** First offset that the log holds. */
  readonly logStart: bigint;
  /** The offset behind its last one. */
  readonly logEnd: bigint;

  constructor(topic: string, partition: number, offset: bigint, logStart: bigint, logEnd: bigint) {
    const why =
      offset < logStart
        ? `offsets ${offset} to ${logStart - 1n} were deleted: look at retention.ms and retention.bytes of the topic, ` +
          "which go by the records' own timestamps, and who trimmed it"
        : 'the topic was re-created, or a leader that had missed records was elected: look who deleted it, and at ' +
          'unclean.leader.election.enable';
    super(
      'changed',
      `read of topic ${topic}, partition ${partition}: expected offset ${offset}, found the log from ${logStart} to ` +
        `${logEnd}; ${why}`,
      {
        topic,
        partition,
        offset: String(offset),
        logStart: String(logStart),
        logEnd: String(logEnd),
        code: 'OFFSET_OUT_OF_RANGE',
      },
    );
    this.offset = offset;
    this.logStart = logStart;
    this.logEnd = logEnd;
  }
}
