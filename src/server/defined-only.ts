type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The same without what is `undefined`: a field that is left out is not sent on. */
export function definedOnly<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
