/**
 * Schemas of API objects, as far as the API server's checks and defaults go. A field is modelled unless it says
 * otherwise: `kept` fields are stored and shown but have no bearing on a simulated network; `unmodelled` ones would have,
 * and are pointed out.
 */
export type Schema =
  | ObjectSchema
  | { readonly type: 'map'; readonly of: Schema }
  | { readonly type: 'list'; readonly of: Schema; readonly element: string; readonly minimumItems?: number }
  | TextSchema
  | { readonly type: 'integer'; readonly minimum?: number; readonly maximum?: number; readonly goType: string }
  | { readonly type: 'boolean' }
  | { readonly type: 'integer-or-string' }
  | { readonly type: 'any' }

/** A mapping with known fields. */
export interface ObjectSchema {
  readonly type: 'object'
  /** Name of the Go struct, for messages: `ServiceSpec`. */
  readonly struct: string
  readonly fields: Readonly<Record<string, Field>>
}

interface TextSchema {
  readonly type: 'string'
  readonly oneOf?: readonly string[]
  /** Returns what is wrong with the text, or nothing: `must be a valid IP address`. */
  readonly check?: (text: string) => string | undefined
}

/** A field of an object: its schema, and what its absence or presence means. */
export interface Field {
  readonly schema: Schema
  readonly isRequired?: boolean
  readonly default?: unknown
  readonly effect?: 'kept' | 'unmodelled'
}

type Fields = Readonly<Record<string, Schema | Field>>

/** @param struct name of the Go struct, for messages; fields that are only a schema are optional */
export function object(struct: string, fields: Fields): ObjectSchema {
  const entries = Object.entries(fields).map(([name, field]) => [name, 'schema' in field ? field : { schema: field }])
  return { type: 'object', struct, fields: Object.fromEntries(entries) }
}

/** @param element Go type of an element, for messages: `v1.ServicePort` */
export function list(of: Schema, element: string, minimumItems?: number): Schema {
  return { type: 'list', of, element, ...(minimumItems === undefined ? {} : { minimumItems }) }
}

export const TEXT: Schema = { type: 'string' }
export const BOOLEAN: Schema = { type: 'boolean' }
export const ANY: Schema = { type: 'any' }
export const TEXT_MAP: Schema = { type: 'map', of: TEXT }
export const TEXT_LIST: Schema = { type: 'list', of: TEXT, element: 'string' }
export const INTEGER_OR_TEXT: Schema = { type: 'integer-or-string' }

/** Text that is one of these values. */
export function oneOf(...values: string[]): Schema {
  return { type: 'string', oneOf: values }
}

/** Text with a form of its own. @param check what is wrong with it; undefined: nothing */
export function checkedText(check: (text: string) => string | undefined): Schema {
  return { type: 'string', check }
}

/** An integer within bounds, both inclusive. @param goType for messages */
export function integer(minimum?: number, maximum?: number, goType = 'int32'): Schema {
  return {
    type: 'integer',
    goType,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  }
}

/** A field that must be there. */
export function required(schema: Schema): Field {
  return { schema, isRequired: true }
}

/** A field that has this value when it is absent. */
export function withDefault(schema: Schema, value: unknown): Field {
  return { schema, default: value }
}

/** A field with any content that is stored and has no effect, here or on a network. */
export const KEPT: Field = { schema: ANY, effect: 'kept' }

/** A field with any content whose effect is not simulated. */
export const UNMODELLED: Field = { schema: ANY, effect: 'unmodelled' }
