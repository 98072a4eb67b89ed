import type { Session } from '../bgp/session.ts'
import type { Speaker } from '../bgp/speaker.ts'
import type { Host } from '../host/host.ts'
import type { CiliumBGPPeeringPolicy } from '../kubernetes/api/cilium-resources.ts'
import { selectPolicy } from '../kubernetes/cilium/bgp/select-policy.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { routerStatements } from '../lab/router.ts'
import type { BgpModel, BgpPeerModel } from '../model/bgp.ts'
import type { PolicyModel } from '../model/policy.ts'
import type { RouterStatement } from '../model/router-statement.ts'
import type { Ipv4Address } from '../wire/address.ts'

/** A BGP speaker of the lab and where it was configured. */
export interface SpeakerView {
  readonly node: LabNode
  readonly name: string
  readonly host: Host
  readonly kind: 'frr' | 'gobgp' | 'cilium'
  readonly speaker: Speaker
  readonly model: BgpModel
  /** Of routers only. */
  readonly policy: PolicyModel | undefined
  /** The router's configuration lines; none for the others. */
  readonly statements: readonly RouterStatement[]
  readonly peers: readonly PeerView[]
  /** Of a Cilium node's virtual router: what it comes from. */
  readonly virtualRouter:
    | { readonly cluster: Cluster; readonly policy: CiliumBGPPeeringPolicy; readonly index: number }
    | undefined
  /** A routing protocol that is not simulated runs beside it: routes may come from there. */
  readonly hasForeignRoutes: boolean
}

/** One configured peer with an address. */
export interface PeerView {
  readonly speaker: SpeakerView
  readonly model: BgpPeerModel
  readonly address: Ipv4Address
  readonly session: Session | undefined
}

/** Protocols whose routes are missing in the simulation, in either dialect. */
const FOREIGN_PROTOCOL =
  /^\s*(router (ospf6?|isis|rip|ripng|eigrp|babel|openfabric)\b|(ospf|isis|rip|babel|openfabric) \{|.*\bset protocols (ospf|isis|rip|babel|openfabric)\b|ip (ospf|router isis)\b)/m

/** Systems that take a part of their configuration (addresses, at least) from files that are not read. */
export const FOREIGN_SYSTEM = /sonic|cumulus|cvx|srlinux|ceos|vrnetlab|crpd|xrd/i

/** Every speaker of the lab: routers, gobgpd and Cilium's virtual routers, in the order of the nodes. */
export function speakerViews(lab: Lab): readonly SpeakerView[] {
  const views: SpeakerView[] = []
  for (const node of lab.nodes()) {
    if (!node.isRunning || FOREIGN_SYSTEM.test(node.image)) continue
    const hasForeignRoutes = [...node.files].some(
      ([path, text]) => /\.(conf|boot)$/.test(path) && FOREIGN_PROTOCOL.test(text),
    )
    const base = { node, name: node.name, host: node.host, statements: [], virtualRouter: undefined, hasForeignRoutes }
    const router = node.router
    if (router?.speaker !== undefined) {
      const own = { kind: 'frr', policy: router.model.policy, statements: routerStatements(node) } as const
      views.push(withPeers({ ...base, ...own, speaker: router.speaker, model: router.speaker.model }))
    }
    if (node.gobgp !== undefined) {
      const { speaker, model } = node.gobgp
      views.push(withPeers({ ...base, kind: 'gobgp', speaker, model: model.bgp, policy: undefined }))
    }
  }
  return [...views, ...ciliumViews(lab)]
}

function ciliumViews(lab: Lab): SpeakerView[] {
  return [...lab.clusters.values()].flatMap(cluster =>
    cluster.nodes.flatMap(({ name, host }) => {
      const { cilium, store } = cluster
      const node = lab.node(name)
      const labels = store.get('Node', undefined, name)?.metadata.labels ?? {}
      const choice = selectPolicy(store.list('CiliumBGPPeeringPolicy'), labels)
      if (node === undefined || choice.kind !== 'one') return []
      const { policy } = choice
      return (cilium?.agent(name)?.bgp.routers ?? []).flatMap(({ localAsn, speaker }) => {
        if (speaker === undefined) return []
        const index = policy.spec.virtualRouters.findIndex(router => router.localASN === localAsn)
        const view = { node, name, host, kind: 'cilium', speaker, model: speaker.model, policy: undefined } as const
        return withPeers({
          ...view,
          statements: [],
          virtualRouter: { cluster, policy, index },
          hasForeignRoutes: false,
        })
      })
    }),
  )
}

function withPeers(view: Omit<SpeakerView, 'peers'>): SpeakerView {
  const peers: PeerView[] = []
  const whole: SpeakerView = { ...view, peers }
  const sessions = [...view.speaker.sessions.values()].filter(session => session.dynamicRange === undefined)
  const models = view.kind === 'cilium' ? sessions.map(session => session.model) : view.model.peers
  for (const model of models) {
    const { address } = model
    if (address === undefined) continue
    peers.push({ speaker: whole, model, address, session: view.speaker.sessions.get(address) })
  }
  return whole
}
