/** What Rewind needs of a schema registry. What it doesn't know is undefined or empty, never an error. */
export interface SchemaRegistry {
  /**
   * The schema that a message names by number. In a schema-repo numbers count for each subject, in Confluent's registry
   * for all of them.
   */
  schemaById(id: number, subject: string, signal?: AbortSignal): Promise<RegisteredSchema | undefined>;
  /** The schema that a message names by GUID; throws 'refused' where the registry has none. */
  schemaByGuid(guid: string, signal?: AbortSignal): Promise<RegisteredSchema | undefined>;
  /** The newest version of a subject. */
  latest(subject: string, signal?: AbortSignal): Promise<SubjectVersion | undefined>;
  /** One version of a subject: what references name. */
  version(subject: string, version: number, signal?: AbortSignal): Promise<SubjectVersion | undefined>;
  /** The versions of a subject, ascending; none where it is not known. */
  versions(subject: string, signal?: AbortSignal): Promise<number[]>;
  /** All subjects, sorted. */
  subjects(signal?: AbortSignal): Promise<string[]>;
  /** Address for messages, without credentials. */
  describe(): string;
  close(): Promise<void>;
}

export interface RegisteredSchema {
  id: number;
  /** `AVRO`, `JSON`, `PROTOBUF`, or what else a registry may hold. */
  type: string;
  /** As it was registered. */
  schema: string;
  /** Schemas that it takes named types from. */
  references: readonly SchemaReference[];
}

export interface SchemaReference {
  /** Full name of the type. */
  name: string;
  subject: string;
  version: number;
}

export interface SubjectVersion extends RegisteredSchema {
  subject: string;
  version: number;
}
