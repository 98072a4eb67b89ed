/* What `:` takes besides the names of views. */
import type { Act } from '../inspect/act.ts'
import { SPEEDS } from '../inspect/pace.ts'
import { quoteWord } from '../text/tokenize.ts'
import { ask } from './explain.ts'
import { goTo } from './go-to.ts'
import type { Inspector } from './inspector.ts'
import { openCapture } from './packets.ts'
import { applyManifest } from './run-command.ts'
import { findView } from './views/table.ts'

export interface Command {
  readonly name: string
  /** For the help: with what it takes. */
  readonly usage: string
  readonly help: string
  /** What its words may be, for completion. */
  readonly takes: readonly Completion[]
  /** @returns a complaint; undefined when all is well */
  readonly run: (inspector: Inspector, words: readonly string[]) => Promise<string | undefined> | string | undefined
}

export type Completion = 'node' | 'link' | 'pod' | 'file' | 'device' | 'speed' | 'nothing'

export const COMMANDS: readonly Command[] = [
  {
    name: 'node',
    usage: 'node NAME',
    help: 'the node that views of nodes show',
    takes: ['node'],
    run: (inspector, [name = '']) => {
      if (inspector.machine.lab.node(name) === undefined) return `there is no node ${name}`
      inspector.set({ node: name })
      return undefined
    },
  },
  {
    name: 'time',
    usage: 'time 12s|+1s|-1s',
    help: 'go to a time, back too',
    takes: ['nothing'],
    run: (inspector, [text = '']) => goTo(inspector, text),
  },
  {
    name: 'speed',
    usage: 'speed 0.1..600|max',
    help: 'simulated seconds per second',
    takes: ['speed'],
    run: (inspector, [text = '']) => {
      const speed = text === 'max' ? Number.POSITIVE_INFINITY : Number(text.replace(/x$/, ''))
      if (!(speed >= SPEEDS[0]!)) return `speeds go from ${SPEEDS[0]} to max`
      inspector.pace.speed = speed
      inspector.changed()
      return undefined
    },
  },
  fault('break', 'LINK', 'cut a link: leaf1:eth1', 'link', link => ({ kind: 'fail', fault: { link } })),
  fault('mend', 'LINK', 'mend a link, end its impairment', 'link', link => ({ kind: 'restore', fault: { link } })),
  {
    name: 'impair',
    usage: 'impair LINK loss 10% delay 5ms',
    help: 'loss, delay, jitter, corrupt, duplicate, reorder',
    takes: ['link'],
    run: async (inspector, [link = '', ...words]) => {
      const pairs = words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : []))
      if (link === '' || pairs.length === 0) return 'impair LINK loss 10%'
      await inspector.act({ kind: 'fail', fault: { link, ...Object.fromEntries(pairs) } })
      return undefined
    },
  },
  fault('crash', 'NODE', 'a node loses its power', 'node', node => ({ kind: 'fail', fault: { node } })),
  fault('start', 'NODE', 'a node comes back', 'node', node => ({ kind: 'restore', fault: { node } })),
  fault('agentdown', 'NODE', "a node's Cilium agent dies", 'node', agent => ({ kind: 'fail', fault: { agent } })),
  fault('agentup', 'NODE', 'and comes back', 'node', agent => ({ kind: 'restore', fault: { agent } })),
  fault('bgpdown', 'NODE', "a node's bgpd is killed", 'node', node => ({
    kind: 'fail',
    fault: { daemon: `${node}:bgpd` },
  })),
  fault('bgpup', 'NODE', 'and is started', 'node', node => ({ kind: 'restore', fault: { daemon: `${node}:bgpd` } })),
  fault('kill', 'POD', 'delete a pod: namespace/name, or how its name begins', 'pod', pod => ({
    kind: 'fail',
    fault: { pod },
  })),
  {
    name: 'apply',
    usage: 'apply FILE',
    help: 'kubectl apply -f FILE',
    takes: ['file'],
    run: (inspector, [file = '']) => applyManifest(inspector, file),
  },
  {
    name: 'capture',
    usage: 'capture NODE DEVICE FILTER',
    help: 'tcpdump; any is a device too',
    takes: ['node', 'device'],
    run: (inspector, [node = '', device = 'any', ...filter]) => {
      if (inspector.machine.lab.node(node) === undefined) return `there is no node ${node}`
      openCapture(inspector, node, device, filter.join(' '))
      return undefined
    },
  },
  {
    name: 'why',
    usage: 'why route NODE PREFIX | reach NODE ADDRESS | vip ADDRESS',
    help: 'as drylab why',
    takes: ['nothing', 'node'],
    run: async (inspector, [kind, first = '', second = '']) => {
      if (kind === 'route') await ask(inspector, { kind, node: first, prefix: second })
      else if (kind === 'reach') await ask(inspector, { kind, node: first, target: second })
      else if (kind === 'vip') await ask(inspector, { kind, address: first })
      else if (kind === 'service') await ask(inspector, { kind, service: first })
      else return 'why route NODE PREFIX, why reach NODE ADDRESS, why vip ADDRESS or why service NAMESPACE/NAME'
      return undefined
    },
  },
  {
    name: 'save',
    usage: 'save FILE',
    help: 'what was done as a scenario',
    takes: ['file'],
    run: (inspector, [file = '']) => saveScenario(inspector, file),
  },
  {
    name: 'save!',
    usage: 'save! FILE',
    help: 'the same, over a file that is there',
    takes: ['file'],
    run: (inspector, [file = '']) => saveScenario(inspector, file, true),
  },
  {
    name: 'quit',
    usage: 'quit',
    help: 'leave',
    takes: [],
    run: inspector => {
      inspector.options.leave()
      return undefined
    },
  },
]

function fault(name: string, what: string, help: string, takes: Completion, act: (word: string) => Act): Command {
  return {
    name,
    usage: `${name} ${what}`,
    help,
    takes: [takes],
    run: async (inspector, [word]) => {
      if (word === undefined) return `${name} ${what}`
      await inspector.act(act(word))
      return undefined
    },
  }
}

/** Runs a line typed after `:`: a view, with a node's name behind it if one likes, or a command. */
export async function runCommand(inspector: Inspector, text: string): Promise<void> {
  const [name = '', ...words] = text.split(/\s+/).filter(word => word !== '')
  if (name === '') return
  const command = COMMANDS.find(one => one.name === name || (one.name === 'quit' && (name === 'q' || name === 'q!')))
  const view = findView(name)
  if (command === undefined && view === undefined)
    return inspector.say(`there is no view or command "${name}"; ? lists them`, 'bad')
  if (command !== undefined) {
    const complaint = await command.run(inspector, words)
    if (complaint !== undefined) inspector.say(complaint, 'bad')
    return
  }
  const [node] = words
  if (node !== undefined && inspector.machine.lab.node(node) === undefined)
    return inspector.say(`there is no node ${node}`, 'bad')
  inspector.show(view!, node)
}

/**
 * Writes the scenario file; over one that is there only when that is asked for, or when it was written here before.
 * @returns a complaint
 */
export function saveScenario(inspector: Inspector, file: string, mayReplace = false): string | undefined {
  if (file === '') return 'save FILE'
  const { options, machine, saved } = inspector
  const path = options.resolvePath(/\.ya?ml$/.test(file) ? file : `${file}.yaml`)
  try {
    const text = machine.toScenario(path)
    if (!options.writeFile(path, text, mayReplace || saved.has(path)))
      return `${file} is there already; :save! ${file} writes over it`
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
  saved.add(path)
  inspector.say(`written: drylab run ${quoteWord(path)}`, 'good')
  return undefined
}
