/**
 * The Avro-JSON of a record of the generated archive, so that equal records have equal texts whoever encoded them: entries
 * of the map in the order of their names, and the double as JavaScript prints it (Java's before 19 has a digit too many
 * at times).
 */
export function canonicalText(text: string): string {
  return text
    .replace(/"score":(-?[\d.E+-]+)/, (_, digits: string) => `"score":${Number(digits)}`)
    .replace(/"params":\{(.*?)\},"tags":\[/s, (_, entries: string) => {
      const sorted = (entries.match(/"(?:[^"\\]|\\.)*":"(?:[^"\\]|\\.)*"/gs) ?? []).sort();
      return `"params":{${sorted.join(',')}},"tags":[`;
    });
}
