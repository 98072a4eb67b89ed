import { z } from 'zod'

/** What `fail` breaks and `restore` mends. */
export const faultSchema = z.strictObject({
  link: z.string().optional(),
  node: z.string().optional(),
})

export type FaultFile = z.infer<typeof faultSchema>
