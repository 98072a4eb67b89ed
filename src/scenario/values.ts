import { z } from 'zod'
import { parseDurationNs } from '../text/duration.ts'
import { parseIpv4, parseMac, parsePrefix } from '../wire/address.ts'

/** A node of the lab, by its name in the topology file or its container name. Whether it exists is checked when the lab is up. */
export const nodeName = z.string().min(1)

/** An IPv4 address. */
export const address = z
  .string()
  .refine(text => parseIpv4(text) !== undefined, { error: 'expected an IPv4 address such as 10.0.5.1' })

/** An IPv4 prefix. */
export const prefix = z
  .string()
  .refine(text => parsePrefix(text) !== undefined, { error: 'expected an IPv4 prefix such as 10.0.5.0/24' })

/** `120s`, `500ms`, `1m30s` → nanoseconds. */
export const duration = z
  .string()
  .refine(text => parseDurationNs(text) !== undefined, { error: 'expected a duration such as 500ms, 10s or 1m30s' })

const textMatcher = z.union([
  z.string(),
  z.strictObject({
    contains: z.union([z.string(), z.array(z.string())]).optional(),
    matches: z.string().optional(),
    lines: z.int().min(0).optional(),
    golden: z.string().optional(),
    spaces: z.literal('any').optional(),
  }),
])

/** What a command's output must be. */
export const outputExpectation = z.strictObject({
  stdout: textMatcher.optional(),
  stderr: textMatcher.optional(),
  exit: z.int().min(0).max(255).optional(),
})

export type TextMatcher = z.infer<typeof textMatcher>
export type OutputExpectation = z.infer<typeof outputExpectation>

/** A MAC address. */
export const macAddress = z
  .string()
  .refine(text => parseMac(text) !== undefined, { error: 'expected a MAC address such as 02:42:ac:11:00:02' })

/** `leaf01:eth1`. */
export const linkEnd = z.string().regex(/^[^:\s]+:[^:\s]+$/, { error: 'expected NODE:INTERFACE such as leaf01:eth1' })

/** `0.9` or `90%`. */
export const share = z.union([z.number().min(0).max(1), z.string().regex(/^\d+(\.\d+)?%$/)], {
  error: 'expected a share such as 0.9 or 90%',
})

/** A share as a number from 0 to 1. */
export function shareOf(value: z.infer<typeof share>): number {
  return typeof value === 'number' ? value : Number.parseFloat(value) / 100
}

/** A number, or bounds that include their ends. */
export const countExpectation = z.union([
  z.int().min(0),
  z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() }),
])
