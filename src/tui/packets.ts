/* Captures and followed packets. */
import type { Journey } from '../inspect/packet-follower.ts'
import type { Inspector } from './inspector.ts'
import { bottomCursor } from './screen-of.ts'
import { newPlace } from './screen-state.ts'
import { TOPOLOGY } from './views/table.ts'

/** Opens tcpdump where the row with the cursor is; the same key again closes it. */
export function togglePackets(inspector: Inspector): undefined {
  const { capture, state } = inspector
  const { node, interface: device = 'any' } = inspector.target()
  // behind another pane it comes to the front again
  if (capture !== undefined && state.bottom !== 'packets') return inspector.set({ bottom: 'packets', focus: 'bottom' })
  const isThere = capture !== undefined && state.bottom === 'packets'
  const isSame = capture?.options.node === node && capture?.options.interface === device
  if (isThere && (isSame || state.focus === 'bottom' || node === undefined)) return closeCapture(inspector)
  if (node === undefined) return inspector.say('this row stands for no node; :capture NODE INTERFACE FILTER', 'dim')
  openCapture(inspector, node, device, inspector.captureFilter)
}

export function openCapture(inspector: Inspector, node: string, device: string, filter?: string): undefined {
  inspector.capture?.close()
  inspector.captureFilter = filter ?? ''
  inspector.capture = inspector.machine.capture({
    node,
    interface: device,
    ...(filter === undefined || filter === '' ? {} : { filter }),
  })
  const { mistake } = inspector.capture
  const lists = { ...inspector.state.lists, packets: { cursor: 0, top: 0, isAtEnd: true } }
  inspector.set({
    bottom: 'packets',
    focus: 'bottom',
    lists,
    ...(mistake === undefined ? {} : { message: { text: mistake, role: 'bad' as const } }),
  })
}

function closeCapture(inspector: Inspector): undefined {
  inspector.capture?.close()
  inspector.capture = undefined
  inspector.set({ bottom: undefined, focus: 'main' })
}

/** Finds the way of the packet with the cursor and draws it over the topology. */
export async function followPacket(inspector: Inspector): Promise<void> {
  const { capture, machine, state } = inspector
  if (capture === undefined || state.bottom !== 'packets')
    return inspector.say('p opens a capture; then choose a packet there', 'dim')
  const chosen = capture.lines[bottomCursor(inspector, 'packets', capture.lines.length)]
  if (chosen === undefined) return inspector.say('no packet yet; Space lets time pass', 'dim')
  const { PacketFollower } = await import('../inspect/packet-follower.ts')
  const follower = new PacketFollower(machine)
  const journey = await inspector.operate('following the packet', limits => follower.follow(chosen.handle, limits))
  if (journey === undefined) return inspector.say('the packet was not found', 'bad')
  showJourney(inspector, journey)
}

function showJourney(inspector: Inspector, journey: Journey): undefined {
  const { state } = inspector
  const { way, index } = journey.at
  const cursor = way === 'there' ? index : journey.there.length + index
  const trail = inspector.isTopology ? state.trail : [...state.trail, newPlace(TOPOLOGY.name)]
  inspector.set({
    trail,
    journey,
    overlay: undefined,
    bottom: 'journey',
    focus: 'bottom',
    lists: { ...state.lists, journey: { cursor, top: 0, isAtEnd: false } },
  })
}
