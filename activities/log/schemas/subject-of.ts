export interface SubjectNames {
  /** Of values; `{topic}` stands for the topic's name. */
  subject: string;
}

/** The subject of a topic's values. */
export function subjectOf({ subject }: SubjectNames, topic: string): string {
  return subject.replaceAll('{topic}', topic);
}
