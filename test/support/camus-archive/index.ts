/** Archives as LinkedIn Camus leaves them on HDFS, what a replay must make of them, and whether it did. */
export { AvroContainerWriter } from './avro-container-writer.ts';
export { CamusArchive } from './camus-archive.ts';
export { GroundTruth } from './ground-truth.ts';
export { SequenceFileWriter } from './sequence-file-writer.ts';
export { diskSink, fileStoreSink, memorySink } from './archive-sink.ts';
export { appendExecution, writeCamusArchive } from './write-archive.ts';
export type { ArchiveDescription, Execution } from './camus-archive.ts';
export type { ArchiveOptions, FailedRun, LaterRun } from './archive-options.ts';
export type { ArchiveSink } from './archive-sink.ts';
export type { CommittedOffset, ExpectedRecord } from './ground-truth.ts';
export { ReplayComparison } from './replay-comparison.ts';
export { verifyReplay } from './verify.ts';
export type { Comparison, ConsumedRecord, Expectations } from './replay-comparison.ts';
export type { Verification, VerifyOptions } from './verify.ts';
