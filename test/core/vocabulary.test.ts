import { describe, expect, test } from 'vitest';
import { draftOfDocument } from '../../src/core/vocabulary.ts';

describe('the draft of a document', () => {
  test.each([
    ['is the one that it names', { $schema: 'http://json-schema.org/draft-07/schema#' }, 'draft-07'],
    ['is 2020-12 when it names none', { type: 'object' }, '2020-12'],
    ['is 2020-12 for a boolean', true, '2020-12'],
    ['is 2019-09 when it names none and lists items', { properties: { a: { items: [true] } } }, '2019-09'],
    ['is not told by a property called items', { properties: { items: { type: 'array' } } }, '2020-12'],
    ['is not told by items in a constant', { const: { items: [1] } }, '2020-12'],
    ['is unknown when it names another', { $schema: 'http://json-schema.org/draft-04/schema#' }, undefined],
  ] as const)('%s', (_fact, document, draft) => {
    expect(draftOfDocument(document)).toBe(draft);
  });
});
