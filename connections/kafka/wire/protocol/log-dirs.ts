import type { Api } from './api.ts';

export interface LogDirsRequest {
  topics: readonly { topic: string; partitions: readonly number[] }[];
}

export type LogDirsAnswer = { topic: string; partition: number; bytes: bigint; future: boolean }[];

/** Bytes of partitions' logs on the disks of one broker; empty where the login may not describe the cluster. */
export const describeLogDirs: Api<LogDirsRequest, LogDirsAnswer> = {
  key: 35,
  name: 'DescribeLogDirs',
  versions: [0, 1],
  encode(writer, { topics }) {
    writer.array(topics, ({ topic, partitions }) =>
      writer.string(topic).array(partitions, (partition) => writer.int32(partition)),
    );
  },
  decode(reader) {
    reader.int32(); // throttle time
    return reader
      .array(() => {
        reader.int16(); // error of the disk, which then names no topics
        reader.string(); // folder
        return reader
          .array(() => {
            const topic = reader.string() ?? '';
            return reader.array(() => {
              const { partition, bytes } = { partition: reader.int32(), bytes: reader.int64() };
              reader.int64(); // lag behind the high watermark
              return { topic, partition, bytes, future: reader.boolean() };
            });
          })
          .flat();
      })
      .flat();
  },
};
