import { z } from 'zod'
import { parseIpv4 } from '../../wire/address.ts'

const asn = z.number().int().min(1).max(4294967295)
const seconds = z.number().min(0)
const address = z.string().refine(text => parseIpv4(text) !== undefined, 'expected an IPv4 address')

const neighbor = z.object({
  config: z.object({
    'neighbor-address': address,
    'peer-as': asn,
    description: z.string().optional(),
    'auth-password': z.string().optional(),
    'admin-down': z.boolean().optional(),
  }),
  timers: z
    .object({
      config: z
        .object({
          'connect-retry': seconds.optional(),
          'hold-time': seconds.optional(),
          'keepalive-interval': seconds.optional(),
        })
        .optional(),
    })
    .optional(),
  transport: z
    .object({
      config: z
        .object({
          'passive-mode': z.boolean().optional(),
          'local-address': address.optional(),
          'remote-port': z.number().int().min(1).max(65535).optional(),
        })
        .optional(),
    })
    .optional(),
  'ebgp-multihop': z
    .object({
      config: z
        .object({ enabled: z.boolean().optional(), 'multihop-ttl': z.number().int().min(1).max(255).optional() })
        .optional(),
    })
    .optional(),
  'route-reflector': z
    .object({ config: z.object({ 'route-reflector-client': z.boolean().optional() }).optional() })
    .optional(),
  'afi-safis': z.array(z.object({ config: z.object({ 'afi-safi-name': z.string() }) })).optional(),
})

/** The tables and keys of gobgpd.conf that are modelled, with GoBGP's names (docs/sources/configuration.md of its repository). */
export const gobgpSchema = z.object({
  global: z.object({
    config: z.object({ as: asn, 'router-id': address, port: z.number().int().min(-1).max(65535).optional() }),
  }),
  neighbors: z.array(neighbor).optional(),
})

export type GobgpFile = z.infer<typeof gobgpSchema>
export type GobgpNeighbor = z.infer<typeof neighbor>
