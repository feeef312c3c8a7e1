import { formats } from './formats.ts';

/** Whether a string has a format, as the validator says; undefined when it doesn't know the format, or not for strings. */
export function holdsFormat(name: string, text: string): boolean | undefined {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined) return undefined;
  const isDefinition = typeof format === 'object' && !(format instanceof RegExp);
  if (isDefinition && format.type === 'number') return undefined;
  const test: unknown = isDefinition ? format.validate : format;
  if (test instanceof RegExp) return test.test(text);
  if (typeof test === 'string') return new RegExp(test).test(text);
  return typeof test === 'function' ? test(text) === true : test === true;
}
