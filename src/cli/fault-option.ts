import { InvalidArgumentError } from 'commander'
import { type FaultFile, faultSchema } from '../scenario/fault-schema.ts'

/**
 * Reads `--fail link=leaf1:eth1`, `node=spine1`, `link=leaf1:eth1,loss=10%`: the words of a scenario's `fail`. The option may
 * be given several times. InvalidArgumentError when the text is no fault.
 */
export function parseFaults(text: string, previous: readonly FaultFile[] = []): readonly FaultFile[] {
  const words = text.split(',').map(word => {
    const equals = word.indexOf('=')
    return equals < 0 ? [word, ''] : [word.slice(0, equals).trim(), word.slice(equals + 1).trim()]
  })
  const parsed = faultSchema.safeParse(Object.fromEntries(words))
  if (parsed.success) return [...previous, parsed.data]
  const [issue] = parsed.error.issues
  const where = issue!.path.length === 0 ? '' : `${issue!.path.join('.')}: `
  throw new InvalidArgumentError(
    `${where}${issue!.message} (write link=leaf1:eth1, node=spine1, agent=…, pod=…, daemon=leaf1:bgpd).`,
  )
}
