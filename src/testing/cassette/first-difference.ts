/**
 * Where two JSON values differ first, for example `body.messages[2].content`; `undefined` where they don't. Fields that are named in `ignore`,
 * with dots and without the indexes of lists, are passed over.
 */
export function firstDifference(
  left: unknown,
  right: unknown,
  ignore: readonly string[] = [],
  place = 'body',
): string | undefined {
  if (Object.is(left, right) || ignore.includes(fieldOf(place))) return undefined;
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) return place;
  const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = firstDifference(
      a[key],
      b[key],
      ignore,
      Array.isArray(left) ? `${place}[${key}]` : `${place}.${key}`,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `body.messages[2].content` is the field `messages.content`. */
function fieldOf(place: string): string {
  return place.replaceAll(/\[\d+\]/g, '').replace(/^body\.?/, '');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
