declare const brand: unique symbol;

/** Text that one parser has checked; past it nobody checks again. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };
