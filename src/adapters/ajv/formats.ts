import type { Format } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { isPythonRegex } from './python-regex.ts';

/** Every format that is asserted. One that isn't listed here is passed over, and the report says so. */
export const formats: Readonly<Record<string, Format>> = { ...fullFormats, 'python-regex': isPythonRegex };
