interface Kind {
  readonly kind: string;
}

/** The types that only say how others are wrapped. */
type Wrapper<T> =
  | { readonly kind: 'list'; readonly item: T }
  | { readonly kind: 'map'; readonly value: T }
  | { readonly kind: 'nullable'; readonly inner: T }
  | { readonly kind: 'either'; readonly options: readonly T[] };

/** A type that wraps no other. */
export type Leaf<T extends Kind> = Exclude<T, { readonly kind: Wrapper<T>['kind'] }>;

/**
 * What a type is made of in the end: itself, or what is in its list, map, nullable or alternatives. It serves types as they are
 * declared and as they are recorded, which wrap in the same way.
 */
export function leavesOf<T extends Kind>(type: T): readonly Leaf<T>[] {
  const wrapper = type as unknown as Wrapper<T>;
  switch (wrapper.kind) {
    case 'list':
      return leavesOf(wrapper.item);
    case 'map':
      return leavesOf(wrapper.value);
    case 'nullable':
      return leavesOf(wrapper.inner);
    case 'either':
      return wrapper.options.flatMap((option) => leavesOf(option));
    default:
      return [type as Leaf<T>];
  }
}
