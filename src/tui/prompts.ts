/* What each prompt is called, what Tab offers, and what Enter does. */
import { COMMANDS as SHELL_COMMANDS } from '../shell/registry.ts'
import { COMMANDS, type Completion, runCommand, saveScenario } from './commands.ts'
import { goTo } from './go-to.ts'
import type { Inspector } from './inspector.ts'
import { lastWord, type PromptKind } from './prompt.ts'
import { applyManifest, runOnNode } from './run-command.ts'
import { TOPOLOGY, VIEWS } from './views/table.ts'

interface PromptDeclaration {
  readonly label: (inspector: Inspector) => string
  /** Words that may stand where the last word of the text is. */
  readonly candidates: (inspector: Inspector, text: string) => readonly string[]
  readonly submit: (inspector: Inspector, text: string) => Promise<void> | void
  /** While it is typed. */
  readonly onChange?: (inspector: Inspector, text: string) => void
}

const none = (): readonly string[] => []

export const PROMPTS: Readonly<Record<PromptKind, PromptDeclaration>> = {
  filter: {
    label: () => '/',
    candidates: none,
    submit: (inspector, filter) => inspector.setPlace({ filter, shift: 0 }),
    onChange: (inspector, filter) => inspector.setPlace({ filter, cursor: 0, top: 0 }),
  },
  command: {
    label: () => ':',
    candidates: commandWords,
    submit: runCommand,
  },
  shell: {
    label: inspector => `${shellNode(inspector)}$ `,
    candidates: shellWords,
    submit: runShell,
  },
  jump: {
    label: () => 'go to time: ',
    candidates: none,
    submit: async (inspector, text) => {
      const complaint = text === '' ? undefined : await goTo(inspector, text)
      if (complaint !== undefined) inspector.say(complaint, 'bad')
    },
  },
  apply: {
    label: () => 'kubectl apply -f ',
    candidates: fileName,
    submit: async (inspector, file) => {
      const complaint = file === '' ? undefined : await applyManifest(inspector, file)
      if (complaint !== undefined) inspector.say(complaint, 'bad')
    },
  },
  save: {
    label: () => 'save as scenario: ',
    candidates: fileName,
    submit: (inspector, file) => {
      const complaint = file === '' ? undefined : saveScenario(inspector, file)
      if (complaint !== undefined) inspector.say(complaint, 'bad')
    },
  },
  captureFilter: {
    label: () => 'tcpdump filter: ',
    candidates: (_, text) => startingWith(FILTER_WORDS, text),
    submit: (inspector, filter) => {
      const { capture, captureFilter } = inspector
      if (capture?.setFilter(filter) === false) {
        inspector.say(capture.mistake ?? `"${filter}" is no filter`, 'bad')
        capture.setFilter(captureFilter)
        return
      }
      inspector.captureFilter = filter
      inspector.changed()
    },
  },
}

const FILTER_WORDS: readonly string[] = 'and arp dst ether host icmp ip net not or port proto src tcp udp'.split(' ')

function startingWith(words: readonly string[], text: string): readonly string[] {
  const word = lastWord(text)
  return words.filter(one => one.startsWith(word))
}

function commandWords(inspector: Inspector, text: string): readonly string[] {
  const words = text.split(' ')
  if (words.length === 1) {
    const names = [...VIEWS, TOPOLOGY, ...COMMANDS].map(({ name }) => name)
    return startingWith(names, text)
  }
  const command = COMMANDS.find(({ name }) => name === words[0])
  const takes = command === undefined ? (words.length === 2 ? 'node' : 'nothing') : command.takes[words.length - 2]
  if (takes === 'file') return fileWords(inspector, text)
  return startingWith(wordsOf(inspector, takes ?? 'nothing', words), text)
}

function wordsOf(inspector: Inspector, takes: Completion, words: readonly string[]): readonly string[] {
  const { lab } = inspector.machine
  if (takes === 'node') return nodeNames(inspector)
  if (takes === 'link')
    return inspector.picture().links.flatMap(link => [`${link.a}:${link.aInterface}`, `${link.b}:${link.bInterface}`])
  if (takes === 'speed') return ['0.1', '0.25', '0.5', '1', '2', '5', '10', '60', '600', 'max']
  if (takes === 'pod')
    return VIEWS.find(({ name }) => name === 'pods')!
      .rows(lab, undefined)
      .map(({ namespace, pod }) => `${namespace}/${pod}`)
  if (takes === 'device')
    return ['any', ...[...(lab.node(words[1] ?? '')?.host.interfaces ?? [])].map(({ name }) => name)]
  return []
}

function nodeNames({ machine }: Inspector): readonly string[] {
  return VIEWS[0]!.rows(machine.lab, undefined).map(({ node }) => String(node))
}

/** Paths of the real machine. */
function fileWords({ options }: Inspector, text: string): readonly string[] {
  const word = lastWord(text)
  const folder = word.slice(0, word.lastIndexOf('/') + 1)
  return options
    .listFolder(folder === '' ? '.' : folder)
    .map(name => `${folder}${name}`)
    .filter(path => path.startsWith(word))
}

/** The one path that a prompt takes. */
function fileName(inspector: Inspector, text: string): readonly string[] {
  return text.includes(' ') ? [] : fileWords(inspector, text)
}

/** Where `!` runs a command: on the node that is shown, on the machine in views of the cluster. */
function shellNode(inspector: Inspector): string {
  const isOfNode = inspector.view?.scope === 'node' || inspector.isTopology || inspector.view?.name === 'nodes'
  const node = inspector.target().node ?? inspector.labNode?.name
  return isOfNode && node !== undefined && inspector.machine.lab.node(node) !== undefined ? node : 'machine'
}

function shellWords(inspector: Inspector, text: string): readonly string[] {
  const isFirst = !text.includes(' ')
  const names = SHELL_COMMANDS.map(({ name }) => name)
  if (isFirst) return startingWith([...new Set(names)].sort(), text)
  const devices = isOfMachine(text) ? [] : deviceNames(inspector)
  return startingWith([...nodeNames(inspector), ...devices], text)
}

function deviceNames(inspector: Inspector): readonly string[] {
  const node = inspector.machine.lab.node(shellNode(inspector))
  return [...(node?.host.interfaces ?? [])].map(({ name }) => name)
}

async function runShell(inspector: Inspector, text: string): Promise<void> {
  if (text === '') return
  await runOnNode(inspector, text, isOfMachine(text) ? 'machine' : shellNode(inspector))
}

/** kubectl and its like are on the machine only, whatever node is shown. */
function isOfMachine(text: string): boolean {
  const word = text.split(' ')[0]
  return SHELL_COMMANDS.some(({ name, where }) => name === word && where === 'machine')
}
