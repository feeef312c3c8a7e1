import type { Json } from '../core/json.ts';
import type { Report } from '../core/verdict.ts';
import { annotations } from './annotations.ts';
import { json, type Tool } from './json.ts';
import { legacy } from './legacy.ts';
import { markdown } from './markdown.ts';
import { type Palette, terminal } from './terminal.ts';

export const formatNames = ['terminal', 'json', 'markdown', 'annotations', 'legacy'] as const;
export type FormatName = (typeof formatNames)[number];

export interface Extras {
  readonly tool: Tool;
  readonly palette: Palette;
  readonly raw?: ReadonlyMap<string, Json>;
  /** Where the pages of the checks are. */
  readonly docs?: string;
}

/** A step summary of 1 MiB or more is dropped whole, without a word. */
export const SUMMARY_LIMIT = 1_000_000;

/** Words a report in the format of that name. Live values reach only the formats that a person asked them of. */
export function render(format: FormatName, report: Report, { tool, palette, raw, docs }: Extras): string {
  const values = raw === undefined ? {} : { raw };
  switch (format) {
    case 'terminal':
      return terminal(report, { palette, ...values });
    case 'json':
      return json(report, tool);
    case 'markdown':
      return markdown(report, { limit: SUMMARY_LIMIT, ...values, ...(docs === undefined ? {} : { docs }) });
    case 'annotations':
      return annotations(report);
    case 'legacy':
      return legacy(report, raw);
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
