/** The same shape, writable: for what is filled in word by word before anybody else sees it. */
export type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }
