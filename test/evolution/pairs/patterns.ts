import { changed, draft2019, equal, narrowed, open, type Pair, string, widened } from './pair.ts';

const like = (pattern: string) => ({ ...string, pattern });

export const patterns: readonly Pair[] = [
  widened('one more first letter is allowed', like('^a'), like('^[ab]'), 'b'),
  changed('another first letter is asked for', like('^a'), like('^b'), 'a', 'b'),
  equal('a pattern of literals is a const', like('^abc$'), { const: 'abc' }),
  equal('a pattern of alternatives is an enumeration', like('^(on|off)$'), { enum: ['off', 'on'] }),
  narrowed('a pattern is anchored at the start', like('a'), like('^a'), 'ba'),
  widened('a pattern is no longer anchored at the end', like('^v[0-9]$'), like('^v[0-9]'), 'v10'),
  narrowed('a dot fits no line break', like('a'), like('^.*a'), '\na'),
  equal('any characters are every string', like('^[\\s\\S]*$'), string),
  equal('an unanchored pattern that may be empty fits everywhere', like('x*'), string),
  equal('a digit is spelled otherwise', like('^[0-9]{3}$'), like('^\\d{3}$')),
  widened('a class gets digits', like('^[a-z]+$'), like('^[a-z0-9]+$'), '1'),
  narrowed('a class loses capitals', draft2019(like('^[A-Za-z]+$')), draft2019(like('^[a-z]+$')), 'A'),
  narrowed(
    'lengths become dots, which fit no line break',
    { ...string, minLength: 1, maxLength: 5 },
    like('^.{1,5}$'),
    '\n',
  ),
  equal(
    'lengths become a pattern of anything',
    { ...string, minLength: 1, maxLength: 5 },
    like('^[\\s\\S]{1,5}$'),
  ),
  equal('a dot fits a whole code point', { enum: ['😀', 'ab'], pattern: '^.$' }, { const: '😀' }),
  widened('repetitions are loosened both ways', like('^[a-z]{2,4}$'), like('^[a-z]{1,8}$'), 'a'),
  widened('an alternative is added', like('^(get|put)$'), like('^(get|put|post)$'), 'post'),
  narrowed('anchors are put around all alternatives', like('^get|put$'), like('^(get|put)$'), 'getter'),
  equal('a pattern makes a minimal length redundant', { ...like('^x-'), minLength: 2 }, like('^x-')),
  equal(
    'a pattern makes a maximal length redundant',
    { ...like('^[a-z]{1,3}$'), maxLength: 3 },
    like('^[a-z]{1,3}$'),
  ),
  narrowed(
    'a pattern asks nothing of other types',
    { pattern: '^a' },
    { type: ['string', 'number'], pattern: '^a' },
    null,
  ),
  narrowed(
    'two patterns become one with a dot',
    { ...string, allOf: [{ pattern: '^a' }, { pattern: 'z$' }] },
    like('^a.*z$'),
    'a\nz',
  ),
  widened('no blank becomes something other than blanks', like('^\\S+$'), like('\\S'), 'a b'),
  narrowed('http is no longer allowed', open({ url: like('^https?://') }), open({ url: like('^https://') }), {
    url: 'http://',
  }),
  equal('an empty alternative is a const', like('^$|^[a-z]+$'), { anyOf: [{ const: '' }, like('^[a-z]+$')] }),
  equal('a repetition is written out', like('^a{2}b?$'), like('^aab{0,1}$')),
  equal('a lazy repetition accepts the same', like('^a+?$'), like('^a+$')),
  widened('a patch level may follow', like('^\\d+\\.\\d+$'), like('^\\d+\\.\\d+(\\.\\d+)?$'), '1.2.3'),
  changed('a hyphen becomes an underscore', like('^[a-z-]+$'), like('^[a-z_]+$'), '-', '_'),
];
