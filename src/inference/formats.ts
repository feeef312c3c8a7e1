/** Formats that are recognised. Each accepts less than the standard does, so that no validator objects. */
export const formatNames = ['date-time', 'uuid', 'ipv4', 'email', 'uri'] as const;
export type FormatName = (typeof formatNames)[number];

const recognisers: Readonly<Record<FormatName, (text: string) => boolean>> = {
  'date-time': isDateTime,
  uuid: (text) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  ipv4: (text) => /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text),
  email: (text) => /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}$/i.test(text),
  uri: (text) =>
    /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\d{1,5})?(?:\/[\w.~-]*)*(?:\?[\w.~=&/-]*)?(?:#[\w.~-]*)?$/i.test(
      text,
    ),
};

/** The format that all texts have, if any. */
export function formatOf(texts: readonly string[]): FormatName | undefined {
  if (texts.length === 0) return undefined;
  return formatNames.find((format) => texts.every(recognisers[format]));
}

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

function isDateTime(text: string): boolean {
  const [, year, month, day] = (DATE_TIME.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const days = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
