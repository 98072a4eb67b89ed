import { z } from 'zod'
import { CHECKS } from './assertions/table.ts'
import { anyCheck, scenarioSchema } from './schema.ts'

/** The scenario file's format as a JSON Schema (draft 2020-12), for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const options = { io: 'input', unrepresentable: 'any' } as const
  const properties = Object.fromEntries(
    CHECKS.map(({ name, schema }) => [name, withoutMeta(z.toJSONSchema(schema, options) as Record<string, unknown>)]),
  )
  const schema = z.toJSONSchema(scenarioSchema, {
    ...options,
    override({ zodSchema, jsonSchema }) {
      if (zodSchema !== (anyCheck as unknown)) return
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema]
      Object.assign(jsonSchema, {
        type: 'object',
        properties,
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      })
    },
  })
  return { ...schema, title: 'drylab scenario' }
}

function withoutMeta({ $schema: _, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest
}
