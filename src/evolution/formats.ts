/** What is known of a format beside the validator's own test of it. */
export interface FormatFacts {
  /** Strings that may have it, the most readable first. */
  readonly samples: readonly string[];
  /** Each string that has the format matches it; the reverse isn't so. */
  readonly within?: string;
  /** Formats that every string of this one has too. */
  readonly implies?: readonly string[];
}

/** Formats of numbers that are ranges of integers. A range without bounds is all that the type of numbers can hold. */
export const integerFormats: Readonly<Record<string, { readonly least: number; readonly most: number }>> = {
  int32: { least: -(2 ** 31), most: 2 ** 31 - 1 },
  int64: { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY },
};

const hex = '[0-9a-fA-F]';

export const formatFacts: Readonly<Record<string, FormatFacts>> = {
  date: { samples: ['2026-01-31', '2024-02-29', '1999-12-31'], within: '^\\d{4}-[01]\\d-[0-3]\\d$' },
  time: {
    samples: ['12:30:00Z', '00:00:00+01:00'],
    within: '^\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([zZ]|[+-]\\d\\d(:?\\d\\d)?)$',
    implies: ['iso-time'],
  },
  'date-time': {
    samples: [
      '2026-01-31T12:30:00Z',
      '2024-02-29T00:00:00+01:00',
      '2026-01-31 12:30:00Z',
      '2026-01-31t12:30:00z',
    ],
    within: '^\\d{4}-[01]\\d-[0-3]\\d[tT\\s]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([zZ]|[+-]\\d\\d(:?\\d\\d)?)$',
    implies: ['iso-date-time'],
  },
  'iso-time': {
    samples: ['12:30:00', '12:30:00Z'],
    within: '^\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([zZ]|[+-]\\d\\d(:?\\d\\d)?)?$',
  },
  'iso-date-time': {
    samples: ['2026-01-31T12:30:00', '2026-01-31T12:30:00Z'],
    within: '^\\d{4}-[01]\\d-[0-3]\\d[tT\\s]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([zZ]|[+-]\\d\\d(:?\\d\\d)?)?$',
  },
  duration: { samples: ['P1D', 'PT5M', 'P3W'], within: '^P[\\dYMDTHSW]+$' },
  uri: {
    samples: ['https://a.example/b', 'urn:a:b', 'mailto:a@b.example'],
    within: '^[a-zA-Z][a-zA-Z0-9+.\\-]*:',
  },
  'uri-reference': {
    samples: ['a', '/a', 'https://a.example/b', '#a'],
    within: '^[\\u0021-\\u007e\\u017f\\u212a]*$',
  },
  'uri-template': { samples: ['a', '/a/{b}', 'https://a.example/{b}'], within: '^[^\\u0000-\\u0020]*$' },
  url: {
    samples: ['https://a.example', 'ftp://a.example/b', 'http://a.example:80'],
    within: '^([hH][tT][tT][pP]|[fF][tT][pP])[^\\n]*://',
  },
  email: { samples: ['a@b.example', 'ab@c.example'], within: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$' },
  hostname: { samples: ['a', 'a.example', 'localhost', 'ab'], within: '^[a-zA-Z0-9.\\-\\u017f\\u212a]+$' },
  ipv4: {
    samples: ['192.0.2.1', '10.0.0.1', '255.255.255.255', '0.0.0.0'],
    within: '^\\d{1,3}(\\.\\d{1,3}){3}$',
  },
  ipv6: { samples: ['::1', '2001:db8::1', '::'], within: `^(${hex}|[:.])+$` },
  regex: { samples: ['a', '^a$', '[a-z]+', ''] },
  uuid: {
    samples: ['00000000-0000-4000-8000-000000000000', '123e4567-e89b-12d3-a456-426614174000'],
    within: `^([uU][rR][nN]:[uU][uU][iI][dD]:)?${hex}{8}(-${hex}{4}){3}-${hex}{12}$`,
  },
  'json-pointer': { samples: ['', '/a', '/a/0'], within: '^(/[^]*)?$' },
  'json-pointer-uri-fragment': { samples: ['#', '#/a'], within: '^#' },
  'relative-json-pointer': { samples: ['0', '1/a', '0#'], within: '^\\d' },
  byte: { samples: ['', 'YWJj', 'YQ=='] },
  'python-regex': { samples: ['a', '^a$', ''] },
};

/** Strings that have none of the formats above, or that many tests stumble over. */
export const oddities: readonly string[] = ['', 'a', ' ', '-', '?', '[', '%', '0', '\u{1F600}', 'a b'];
