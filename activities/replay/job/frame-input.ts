import { z } from 'zod';

/** Fields of `output` about the frame in front of Avro data. */
export const frameFields = {
  /**
   * Puts a registry's frame in front of Avro data, as the live topic has it: byte 0 and the id of the output schema, which
   * is then that of the registry: the `latest` of the subject when the job begins, or that of an id. `writer`: the id that
   * the subject has for the schema of the record's own file, by which it is published as it is. @default no frame
   */
  frame: z.union([z.enum(['latest', 'writer']), z.int().min(0).max(0x7fffffff)]).optional(),
  /** Of the names of `frame`; `{topic}` stands for the source topic. */
  subject: z.string().min(1).optional(),
};
