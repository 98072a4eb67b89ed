import { z } from 'zod'
import { parseIpv4, parsePrefix } from '../wire/address.ts'

/** A node of the lab, by its name in the topology file or its container name. Whether it exists is checked when the lab is up. */
export const nodeName = z.string().min(1)

export const address = z
  .string()
  .refine(text => parseIpv4(text) !== undefined, { error: 'expected an IPv4 address such as 10.0.5.1' })

export const prefix = z
  .string()
  .refine(text => parsePrefix(text) !== undefined, { error: 'expected an IPv4 prefix such as 10.0.5.0/24' })
