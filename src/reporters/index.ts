import type { Json } from '../core/json.ts';
import type { Tool } from '../core/published.ts';
import type { Whereabouts } from '../core/shell.ts';
import type { Identity } from '../core/sticky.ts';
import type { Report } from '../core/verdict.ts';
import { annotations } from './annotations.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { legacy } from './legacy.ts';
import { markdown } from './markdown.ts';
import { type Rule, sarif } from './sarif.ts';
import { type Palette, terminal } from './terminal.ts';

export const formatNames = [
  'terminal',
  'json',
  'markdown',
  'annotations',
  'legacy',
  'sarif',
  'junit',
] as const;
export type FormatName = (typeof formatNames)[number];

export interface Extras {
  readonly tool: Tool;
  /** Every check there is: some formats tell of those that found nothing too. */
  readonly rules: readonly Rule[];
  readonly palette: Palette;
  readonly raw?: ReadonlyMap<string, Json>;
  /** Where the pages of the checks are. */
  readonly docs?: string;
  /** What tells this report from others of the same run. */
  readonly identity?: Identity;
  /** Where the configs are, for commands that mend them; none are told without it. */
  readonly whereabouts?: Whereabouts;
  /** Another run made the report. */
  readonly isHearsay?: boolean;
}

/** For what others get to see: live values don't pass. */
export interface Shareable extends Extras {
  readonly raw?: never;
}

/** A step summary of 1 MiB or more is dropped whole, without a word. */
export const SUMMARY_LIMIT = 1_000_000;

/** Words a report in the format of that name. Live values reach only the formats that a person asked them of. */
export function render(format: FormatName, report: Report, extras: Extras): string {
  const { tool, palette, raw } = extras;
  const values = raw === undefined ? {} : { raw };
  switch (format) {
    case 'terminal':
      return terminal(report, { palette, ...values });
    case 'json':
      return json(report, tool);
    case 'markdown':
      return markdown(report, { ...extras, limit: SUMMARY_LIMIT });
    case 'annotations':
      return annotations(report);
    case 'legacy':
      return legacy(report, raw);
    case 'sarif':
      return sarif(report, extras);
    case 'junit':
      return junit(report, extras.rules);
  }
}

const same = (text: string) => text;

/** For files and pipes. */
export const colourless: Palette = {
  bold: same,
  dim: same,
  red: same,
  yellow: same,
  green: same,
  cyan: same,
};
