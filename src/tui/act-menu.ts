/* What can be broken and mended where the cursor is. */
import type { Act, Fault } from '../inspect/act.ts'
import type { Inspector } from './inspector.ts'
import type { MenuItem } from './screen-state.ts'
import type { PictureLink, PictureNode } from './topology/topology-picture.ts'

/** Items for `x`: what the row with the cursor stands for, most likely first. */
export function actMenu(inspector: Inspector): readonly MenuItem[] {
  const { node, interface: device, pod, agent } = inspector.target()
  const picture = inspector.picture()
  const own = picture.nodes.find(({ name, stateName }) => stateName === node || name === node)
  const links = picture.links.filter(({ a, b }) => a === own?.name || b === own?.name)
  const chosen = links.filter(link => endOf(link, own?.name) === device)
  return [
    ...(pod === undefined ? [] : [item(inspector, `kill pod ${pod}`, { kind: 'fail', fault: { pod } })]),
    ...chosen.flatMap(link => linkItems(inspector, link)),
    ...nodeItems(inspector, node, own),
    ...(agent === undefined ? [] : agentItems(inspector, agent)),
    ...links.filter(link => !chosen.includes(link)).flatMap(link => linkItems(inspector, link).slice(0, 1)),
    ...branchItems(inspector),
  ]
}

function item(inspector: Inspector, text: string, act: Act): MenuItem {
  return {
    text,
    run: async () => {
      await inspector.act(act)
    },
  }
}

function endOf({ a, aInterface, bInterface }: PictureLink, node: string | undefined): string {
  return a === node ? aInterface : bInterface
}

function linkItems(
  inspector: Inspector,
  { a, aInterface, b, bInterface, hasCarrier }: PictureLink,
): readonly MenuItem[] {
  const link = `${a}:${aInterface}`
  const text = `${link} ${inspector.options.symbols.horizontal} ${b}:${bInterface}`
  const restore = (word: string): MenuItem =>
    item(inspector, `${word} link ${text}`, { kind: 'restore', fault: { link } })
  if (!hasCarrier) return [restore('mend')]
  const impaired = (what: string, fault: Fault): MenuItem =>
    item(inspector, `${what} on link ${text}`, { kind: 'fail', fault: { link, ...fault } })
  return [
    item(inspector, `break link ${text}`, { kind: 'fail', fault: { link } }),
    impaired('10% loss', { loss: '10%' }),
    impaired('100ms delay', { delay: '100ms' }),
    restore('no impairment of'),
  ]
}

function nodeItems(inspector: Inspector, name: string | undefined, own: PictureNode | undefined): readonly MenuItem[] {
  const node = name === undefined ? undefined : inspector.machine.lab.node(name)
  if (name === undefined || node === undefined || node.kind === 'machine' || own?.isBridge === true) return []
  const daemon = `${name}:bgpd`
  const { router } = node
  return [
    node.isRunning
      ? item(inspector, `crash node ${name}`, { kind: 'fail', fault: { node: name } })
      : item(inspector, `start node ${name}`, { kind: 'restore', fault: { node: name } }),
    ...(router?.model.bgp === undefined || !node.isRunning
      ? []
      : [
          router.speaker === undefined
            ? item(inspector, `start bgpd on ${name}`, { kind: 'restore', fault: { daemon } })
            : item(inspector, `kill bgpd on ${name}`, { kind: 'fail', fault: { daemon } }),
        ]),
  ]
}

function agentItems(inspector: Inspector, agent: string): readonly MenuItem[] {
  const { lab } = inspector.machine
  const cluster = [...lab.clusters.values()].find(one => one.node(agent) !== undefined)
  if (cluster === undefined || lab.node(agent)?.isRunning !== true) return []
  const daemon = cluster.cilium?.agent(agent)
  const apiserver = { apiserver: agent }
  return [
    ...(daemon === undefined
      ? []
      : [
          daemon.hasExited
            ? item(inspector, `start Cilium agent on ${agent}`, { kind: 'restore', fault: { agent } })
            : item(inspector, `crash Cilium agent on ${agent}`, { kind: 'fail', fault: { agent } }),
        ]),
    cluster.store.isReachableFrom(agent)
      ? item(inspector, `part ${agent} from the API server`, { kind: 'fail', fault: apiserver })
      : item(inspector, `join ${agent} to the API server`, { kind: 'restore', fault: apiserver }),
  ]
}

/** Histories that were left behind. */
function branchItems(inspector: Inspector): readonly MenuItem[] {
  return inspector.machine.branches.map(branch => ({
    text: `switch to branch ${branch.name}`,
    note: branch.acts.map(({ text }) => text).join('; '),
    run: async () => {
      await inspector.operate(`to branch ${branch.name}`, limits => inspector.machine.switchTo(branch, limits))
    },
  }))
}
