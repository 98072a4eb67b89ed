import { copyData } from './copy-data.ts'
import type { ObjectSchema, Schema } from './schema.ts'

/** Fills in the defaults of a schema, in place, wherever the object that holds them is there. */
export function applyDefaults(schema: ObjectSchema, value: Record<string, unknown>): void {
  for (const name in schema.fields) {
    const field = schema.fields[name]!
    if (value[name] === undefined && field.default !== undefined) value[name] = copyData(field.default)
    visit(field.schema, value[name])
  }
}

function visit(schema: Schema, value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (schema.type === 'object') applyDefaults(schema, value as Record<string, unknown>)
  else if (schema.type === 'list' && Array.isArray(value)) for (const item of value) visit(schema.of, item)
  else if (schema.type === 'map') for (const item of Object.values(value)) visit(schema.of, item)
}
