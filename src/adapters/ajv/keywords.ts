import type { CodeKeywordDefinition, KeywordCxt, MacroKeywordDefinition } from 'ajv';
import { _, Name } from 'ajv/dist/compile/codegen/index.js';
import type { Draft } from '../../core/vocabulary.ts';
import { BEGIN, CONTAINS, COUNT, WHEN } from './words.ts';

type Keyword = CodeKeywordDefinition | MacroKeywordDefinition;

/** What Ajv has to know beyond its own keywords in order to understand prepared schemas of a draft. */
export function ajvKeywords(draft: Draft): Keyword[] {
  return draft === 'draft-07' ? [contains] : [contains, begin, condition, count];
}

/**
 * A schema that holds as well. Of what it evaluates nothing is noted. It comes before tuples: inside of a condition Ajv
 * skips what comes after one that is longer than the array.
 */
const contains: MacroKeywordDefinition = {
  keyword: CONTAINS,
  type: 'array',
  schemaType: 'object',
  before: 'maxItems',
  macro: (schema) => schema,
};

/**
 * Ajv makes the variables for what is evaluated where the first schema that may or may not hold turns out to hold.
 * Until then they are undefined, which counts as all items and breaks `patternProperties`; inside of a loop they are
 * what they were for the item before. Variables that are there from the start are added to instead.
 */
const begin: CodeKeywordDefinition = {
  keyword: BEGIN,
  schemaType: 'boolean',
  before: '$dynamicAnchor',
  code({ gen, it }: KeywordCxt) {
    // Without a prototype: `constructor` is not evaluated either.
    it.props = gen.var('props', _`Object.create(null)`);
    it.items = gen.var('items', 0);
  },
};

/** Ajv's own `if` evaluates also where it fails, and nothing at all without `then` and `else`. */
const condition: CodeKeywordDefinition = {
  keyword: WHEN,
  schemaType: ['object', 'boolean'],
  trackErrors: true,
  code(cxt: KeywordCxt) {
    const { gen, it } = cxt;
    const isMet = gen.name('_valid');
    const silently = { compositeRule: true, createErrors: false, allErrors: false } as const;
    const evaluated = cxt.subschema({ keyword: WHEN, ...silently }, isMet);
    cxt.reset();
    cxt.mergeValidEvaluated(evaluated, isMet);
    const branch = (keyword: string) => () => {
      if (it.schema[keyword] === undefined) return;
      // Where it fails all fails; what it evaluates need not be objected to as well.
      cxt.mergeEvaluated(cxt.subschema({ keyword }, gen.name('valid')));
    };
    gen.if(isMet, branch('then'), branch('else'));
  },
};

/** Ajv compares numbers with `true`, which stands for all items. */
const count: CodeKeywordDefinition = {
  keyword: COUNT,
  type: 'array',
  schemaType: 'boolean',
  before: 'unevaluatedItems',
  code({ gen, it, data }: KeywordCxt) {
    const { items } = it;
    if (items instanceof Name) gen.if(_`${items} === true`, () => gen.assign(items, _`${data}.length`));
  },
};
