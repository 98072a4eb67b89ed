import { z } from 'zod'
import { METHODS } from './methods/table.ts'

/** Every method with its summary and the JSON Schema of its parameters. */
export function describeMethods(): readonly { name: string; summary: string; params: unknown }[] {
  return Object.entries(METHODS).map(([name, { summary, params }]) => ({
    name,
    summary,
    params: z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }),
  }))
}
