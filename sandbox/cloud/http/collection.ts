/** What an emulated API holds of one kind of object. */

/** Where the objects of every kind are kept, by the API's name of their list: `droplets`, `issues`. */
export interface Holder {
  readonly state: { readonly held: Record<string, object[]> };
}

export interface Collection<H extends Holder, T> {
  /** The API's name of the list. */
  readonly name: string;
  of(holder: H): readonly T[];
  /** @throws the API's 404 */
  find(holder: H, id: string | number | undefined): T;
  add(holder: H, thing: T): T;
  remove(holder: H, thing: T): void;
}

/**
 * @param name the API's name of the list
 * @param id the field that a path names a thing by
 * @param notFound the API's 404
 */
export function collectionOf<H extends Holder, T extends object>(
  name: string,
  id: keyof T & string,
  notFound: () => Error,
): Collection<H, T> {
  const of = ({ state }: H) => (state.held[name] ?? []) as T[];
  return {
    name,
    of,
    find: (holder, wanted) => {
      const found = of(holder).find((thing) => String(thing[id]) === String(wanted));
      if (found === undefined) throw notFound();
      return found;
    },
    add: (holder, thing) => {
      (holder.state.held[name] ??= []).push(thing);
      return thing;
    },
    remove: (holder, thing) => {
      holder.state.held[name] = of(holder).filter((held) => held !== thing);
    },
  };
}
