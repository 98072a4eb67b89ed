import { z } from 'zod'
import { duration, nodeName } from './values.ts'

const linkEnd = z.string().regex(/^[^:\s]+:[^:\s]+$/, { error: 'expected NODE:INTERFACE such as leaf01:eth3' })

/** `10%` or `10`: a chance. */
const percent = z
  .union([z.string(), z.number()])
  .refine(value => /^\d+(\.\d+)?%?$/.test(String(value)) && Number.parseFloat(String(value)) <= 100, {
    error: 'expected a share such as 10%',
  })

const nodes = z.union([nodeName, z.array(nodeName).min(1)])

/** What can be broken; a fault names exactly one of them. */
const TARGETS = ['link', 'node', 'agent', 'pod', 'apiserver', 'daemon'] as const
/** How a link can suffer without being cut. */
const IMPAIRMENTS = ['loss', 'delay', 'jitter', 'corrupt', 'duplicate', 'reorder'] as const

/** What `fail` breaks and `restore` mends. */
export const faultSchema = z
  .strictObject({
    /** `leaf01:eth3`: cut, or impaired in both directions by the values beside it. */
    link: linkEnd.optional(),
    loss: percent.optional(),
    delay: duration.optional(),
    jitter: duration.optional(),
    corrupt: percent.optional(),
    duplicate: percent.optional(),
    reorder: percent.optional(),
    /** Dies as by power loss. */
    node: nodes.optional(),
    /** A node's Cilium agent dies and stays away. */
    agent: nodes.optional(),
    /** Is deleted; `nginx-` means the first pod whose name starts so, `namespace/name` another namespace. */
    pod: z.string().min(1).optional(),
    /** These nodes are parted from the API server. */
    apiserver: nodes.optional(),
    /** `leaf01:bgpd`: the program is killed. */
    daemon: z
      .string()
      .regex(/^[^:\s]+:bgpd$/, { error: 'expected NODE:bgpd' })
      .optional(),
  })
  .superRefine((fault, context) => {
    const problem = (message: string) => context.addIssue({ code: 'custom', message })
    const targets = TARGETS.filter(name => fault[name] !== undefined)
    if (targets.length !== 1) problem(`a fault names one of ${TARGETS.join(', ')}`)
    const impairments = IMPAIRMENTS.filter(name => fault[name] !== undefined)
    if (impairments.length > 0 && fault.link === undefined) problem(`"${impairments[0]}" needs a link`)
    if (fault.jitter !== undefined && fault.delay === undefined) problem('"jitter" needs a delay to vary')
    if (fault.reorder !== undefined && fault.delay === undefined) problem('"reorder" needs a delay that others wait')
  })

export type FaultFile = z.infer<typeof faultSchema>
