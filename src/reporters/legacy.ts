import type { Json } from '../core/json.ts';
import { clean, sentence } from '../core/plain.ts';
import type { Size } from '../core/summary.ts';
import type { ConfigReport, Report } from '../core/verdict.ts';

/** Where the guarded application's own checker draws its line. */
const RULE = '-'.repeat(40);

/** What it prints of a config that it reads as empty: the word is its own. */
const NOTHING = '<vide>';

/** What the application's own checker prints, line for line, so that scripts that read it go on working. */
export function legacy(report: Report, raw?: ReadonlyMap<string, Json>): string {
  return report.configs
    .flatMap((config) => [headline(config), outline(config, raw?.get(config.name)), RULE])
    .map((line) => `${line}\n`)
    .join('');
}

function headline(config: ConfigReport): string {
  // Drift is nothing that the application's checker knows of: to it, such a value is OK.
  const status = config.status === 'DRIFT' ? 'OK' : config.status;
  return status === 'OK' ? `${config.name}: OK` : `${config.name}: ${status} (${message(config)})`;
}

/** The application's own words where it has them: what it can't read, it takes for empty. */
function message({ findings, status, summary }: ConfigReport): string {
  const claim = status === 'INVALID' ? 'invalid' : 'unchecked';
  const finding = findings.find((candidate) => candidate.claim === claim);
  if (finding === undefined) return status.toLowerCase();
  if (claim === 'invalid' && summary === undefined) return 'payload is empty';
  if (claim === 'invalid' && summary?.type !== 'object') return 'payload is not a dict';
  return sentence(finding);
}

function outline({ summary }: ConfigReport, raw: Json | undefined): string {
  if (summary === undefined || summary.members === 0) return NOTHING;
  if (raw !== undefined) return JSON.stringify(raw, null, 2).split('\n').map(clean).join('\n');
  const { updatedAt, objects, arrays, members } = summary;
  const told = [
    ...(updatedAt === undefined ? [] : [`_updated_at=${updatedAt}`]),
    ...(objects.length === 0 ? [] : [`dict_sizes=${sizes(objects)}`]),
    ...(arrays.length === 0 ? [] : [`list_sizes=${sizes(arrays)}`]),
  ];
  return told.length === 0 ? `keys=${members}` : told.join('; ');
}

function sizes(list: readonly Size[]): string {
  return list
    .map(({ place, size }) => `${clean(place.slice(1))}:${size}`)
    .sort()
    .join(', ');
}
