import type { Interface } from '../../../host/interface.ts'
import type { VtyshContext } from './vtysh-context.ts'

/** Where a vtysh session stands: at the top, in configuration mode, or in an interface's section. */
export interface VtyshMode {
  isConfiguring: boolean
  interface: Interface | undefined
}

/**
 * One line in configuration mode. `interface X` with `shutdown` and `no shutdown` take effect; every other statement is
 * refused aloud, as the running configuration is read from the file once.
 *
 * @returns the exit code
 */
export function configure(context: VtyshContext, mode: VtyshMode, line: string): number {
  const words = line.trim().split(/\s+/)
  const [first = '', second = ''] = words
  if (first === '!' || first.startsWith('#') || line.trim() === '') return 0
  if (first === 'end') {
    mode.isConfiguring = false
    mode.interface = undefined
    return 0
  }
  if (first === 'exit' || first === 'quit') {
    if (mode.interface === undefined) mode.isConfiguring = false
    mode.interface = undefined
    return 0
  }
  if (isShort(first, 'interface', 3) && words.length === 2) return enterInterface(context, mode, second)
  if (mode.interface !== undefined && isShort(first, 'shutdown', 2) && words.length === 1)
    return setUp(context, mode, false)
  if (mode.interface !== undefined && first === 'no' && isShort(second, 'shutdown', 2))
    return setUp(context, mode, true)
  context.error(
    `drylab: configuring "${line.trim()}" while the router runs is not modelled; change its file and deploy again\n`,
  )
  return 1
}

function enterInterface(context: VtyshContext, mode: VtyshMode, name: string): number {
  mode.interface = context.node.host.interfaces.get(name)
  if (mode.interface !== undefined) return 0
  context.error(`drylab: configuring interface ${name}, which is not there, is not modelled\n`)
  return 1
}

function setUp(context: VtyshContext, mode: VtyshMode, up: boolean): number {
  if (mode.interface !== undefined) context.node.host.setInterfaceUp(mode.interface, up)
  return 0
}

function isShort(word: string, full: string, minimum: number): boolean {
  return word.length >= minimum && full.startsWith(word)
}
