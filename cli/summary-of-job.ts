type Job = Readonly<Record<string, unknown>>;

/** What a job is for, in a few words: the summary that Temporal's Web UI shows of its workflow. */
export function summaryOf(kind: 'replay' | 'offsets' | 'archive' | 'ranges' | 'verify' | 'plan', job: Job): string {
  const about = subjectOf(job).replaceAll(/\s+/g, ' ').slice(0, 200);
  switch (kind) {
    case 'plan':
      return `what a job would do: ${about}`;
    case 'offsets':
      return `offsets of ${about}`;
    case 'replay':
      return `replay of ${about}`;
    case 'verify':
      return `comparison of ${typeof job['topic'] === 'string' ? job['topic'] : 'a topic'}`;
    case 'archive':
      return `archive of ${about}`;
    case 'ranges':
      return `functions over ${about}`;
  }
}

/** A job is judged by its workflow: what is no text here is left out. */
function subjectOf(job: Job): string {
  const { topic, replayTopic, dest, topics, inputs } = job;
  if (typeof topic === 'string') return `${topic} into ${nameOf(replayTopic) ?? `${topic}_REPLAY`}`;
  if (typeof dest === 'string') {
    const include = textsOf((topics as { include?: unknown } | undefined)?.include);
    return `${include.length === 0 ? 'all topics' : listed(include)} into ${dest}`;
  }
  const named = (Array.isArray(inputs) ? (inputs as { topic?: unknown }[]) : []).map((input) => input?.topic);
  return listed(textsOf(named)) || 'topics';
}

function nameOf(replayTopic: unknown): string | undefined {
  if (typeof replayTopic === 'string') return replayTopic;
  const name = (replayTopic as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' ? name : undefined;
}

function textsOf(values: unknown): string[] {
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
}

function listed(names: readonly string[]): string {
  return names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
}
