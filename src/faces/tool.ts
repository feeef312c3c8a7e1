import manifest from '../../package.json' with { type: 'json' };
import type { Tool } from '../core/published.ts';

/** What calls itself the author of a report. */
export const tool: Tool = { name: manifest.name, version: manifest.version };
