import { isAmong, mayBeAmong } from './among.ts';
import { type Demand, only } from './demand.ts';
import { formatFacts, oddities } from './formats.ts';
import { found, none, type Outcome, unknown } from './outcome.ts';
import type { Tools } from './tools.ts';

/** So many words are tried where something can't be put into the query. */
const TRIED = 24;

/** A string that meets the demands. */
export function findString(demands: readonly Demand[], tools: Tools): Outcome {
  const meets = (text: string) => demands.every((demand) => meetsOne(demand, text, tools));
  const listed = mayBeAmong(demands);
  if (listed !== undefined) {
    const fitting = listed.find((value) => typeof value === 'string' && meets(value));
    return fitting === undefined ? none : found(fitting);
  }
  const formats = only(demands, 'format');
  const [having, lacking] = [true, false].map((holds) =>
    formats.filter((demand) => demand.holds === holds).map(({ format }) => format),
  ) as [string[], string[]];
  if (
    having.some((format) =>
      [format, ...(formatFacts[format]?.implies ?? [])].some((it) => lacking.includes(it)),
    )
  ) {
    return none;
  }
  const patterns = only(demands, 'pattern');
  const isContradiction = patterns.some(
    ({ pattern, holds }) => holds && patterns.some((other) => other.pattern === pattern && !other.holds),
  );
  if (isContradiction) return none;
  const query = queryOf(demands, having, tools);
  if (query.minLength > query.maxLength) return none;
  const isCertain = formats.length === 0 && query.leftOut.length === 0;
  const answer = tools.languages.words(query, isCertain ? 1 : TRIED);
  if (answer?.isAll === true && answer.words.length === 0) return none;
  const candidates = [...(answer?.words ?? []), ...samplesFor([...having, ...lacking])];
  const fitting = candidates.find(meets);
  if (fitting !== undefined) return found(fitting);
  // All words there are have been tried, and the rest of the demands refuses each.
  return answer?.isAll === true ? none : unknown;
}

function samplesFor(formats: readonly string[]): readonly string[] {
  const samples = formats.flatMap((format) => formatFacts[format]?.samples ?? []);
  return [
    ...samples,
    ...samples.map((sample) => `${sample}!`),
    ...samples.map((sample) => ` ${sample}`),
    ...oddities,
  ];
}

/** What of the demands a query can say; formats are widened to what is known of them. */
function queryOf(demands: readonly Demand[], formats: readonly string[], { languages }: Tools) {
  let [minLength, maxLength] = [0, Number.POSITIVE_INFINITY];
  for (const { least, most } of only(demands, 'size')) {
    minLength = Math.max(minLength, least);
    maxLength = Math.min(maxLength, most);
  }
  const matching = formats.flatMap((format) => formatFacts[format]?.within ?? []);
  const notMatching: string[] = [];
  const leftOut: string[] = [];
  for (const { pattern, holds } of only(demands, 'pattern')) {
    if (!languages.isRegular(pattern)) leftOut.push(pattern);
    else if (holds) matching.push(pattern);
    else notMatching.push(pattern);
  }
  const except = only(demands, 'among').flatMap(({ values }) =>
    values.filter((value) => typeof value === 'string'),
  );
  return { matching, notMatching, minLength, maxLength, except, leftOut };
}

function meetsOne(demand: Demand, text: string, { holdsFormat }: Tools): boolean {
  switch (demand.kind) {
    case 'among':
      return isAmong(demand, text);
    case 'size': {
      const length = Array.from(text).length;
      return length >= demand.least && length <= demand.most;
    }
    case 'pattern':
      return new RegExp(demand.pattern, 'u').test(text) === demand.holds;
    case 'format':
      return (holdsFormat(demand.format, text) ?? demand.holds) === demand.holds;
    default:
      return true;
  }
}
