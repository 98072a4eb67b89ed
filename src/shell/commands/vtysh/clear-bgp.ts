import type { ClearHow } from '../../../bgp/speaker.ts'
import { parseIpv4 } from '../../../wire/address.ts'
import { hasWord, type VtyshContext } from './vtysh-context.ts'

/** `clear [ip] bgp [ipv4 unicast] <*|A.B.C.D|AS|external|WORD> [soft [in|out]|in|out]` (`bgp_clear`, bgpd/bgp_vty.c). */
export function clearBgp(context: VtyshContext): number {
  const { speaker } = context.router
  if (speaker === undefined) {
    context.out('No BGP process is configured\n')
    return 0
  }
  const how = clearHow(context)
  const target =
    context.words.find((word, index) => index > 0 && !['ip', 'bgp', 'ipv4', 'unicast'].includes(word)) ?? '*'
  if (target === '*') {
    speaker.clear('*', how)
    return 0
  }
  const address = parseIpv4(target)
  if (address !== undefined) {
    if (!speaker.clear(address, how)) context.out(`% BGP: Unknown neighbor - "${target}"\n`)
    return 0
  }
  const peers = speaker
    .snapshotPeers()
    .peers.filter(peer =>
      target === 'external' ? !peer.isInternal : String(peer.remoteAs) === target || peer.peerGroup === target,
    )
  for (const peer of peers) speaker.clear(peer.address, how)
  if (peers.length > 0) return 0
  const isAsn = /^\d+$/.test(target)
  context.out(isAsn ? `%BGP: No peer is configured with AS ${target}\n` : `% BGP: Unknown neighbor - "${target}"\n`)
  return 0
}

function clearHow(context: VtyshContext): ClearHow {
  if (hasWord(context, 'in')) return 'soft-in'
  if (hasWord(context, 'out')) return 'soft-out'
  return hasWord(context, 'soft') ? 'soft' : 'hard'
}
