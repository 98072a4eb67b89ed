import type { LabNode, RouterDaemons } from '../../../lab/node.ts'
import type { CommandContext } from '../../command.ts'
import { type Meaning, vtyshGrammar } from './commands.ts'
import { configure, type VtyshMode } from './configure.ts'
import type { Grammar } from './grammar.ts'
import type { VtyshContext } from './vtysh-context.ts'

let grammar: Grammar<Meaning> | undefined

/** One vtysh: runs line after line and remembers the mode. */
export class VtyshSession {
  readonly #context: CommandContext
  readonly #node: LabNode
  readonly #router: RouterDaemons
  readonly #mode: VtyshMode = { isConfiguring: false, interface: undefined }
  hasLeft = false

  constructor(context: CommandContext, router: RouterDaemons) {
    this.#context = context
    this.#node = context.node
    this.#router = router
  }

  /** `leaf01# `, `leaf01(config)# `, `leaf01(config-if)# `. */
  get prompt(): string {
    const { isConfiguring, interface: device } = this.#mode
    return `${this.#node.hostName}${isConfiguring ? (device === undefined ? '(config)' : '(config-if)') : ''}# `
  }

  /** Runs one line and returns its exit code: 1 for what vtysh itself refuses, 0 for whatever a daemon answers. */
  run(line: string): number {
    const pipe = /^(.*?)\s\|\s*(\S+)\s*(.*)$/.exec(line)
    if (pipe === null) return this.#run(line, text => this.#context.out(text))
    const [, command = '', action = '', pattern = ''] = pipe
    if (!'include'.startsWith(action)) {
      this.#context.out(`% Unknown action '${action}'\n`)
      return 0
    }
    const filter = compile(pattern)
    if (filter === undefined) {
      this.#context.out(`% Bad regexp '${pattern}'\n`)
      return 1
    }
    let text = ''
    const code = this.#run(command, part => {
      text += part
    })
    for (const shown of text.split('\n').slice(0, -1)) if (filter.test(shown)) this.#context.out(`${shown}\n`)
    return code
  }

  #run(line: string, out: (text: string) => void): number {
    const words = line.trim().split(/\s+/)
    if (line.trim() === '' || line.trim().startsWith('!') || line.trim().startsWith('#')) return 0
    if (this.#mode.isConfiguring) return configure(this.#vtyshContext(words, out), this.#mode, line)
    grammar ??= vtyshGrammar()
    const parsed = grammar.parse(words)
    switch (parsed.kind) {
      case 'unknown':
        out(`% Unknown command: ${line}\n`)
        return 1
      case 'incomplete':
        out(`% Command incomplete: ${line}\n`)
        return 1
      case 'ambiguous':
        out(`% Ambiguous command: ${line}\n`)
        return 1
      case 'found':
        return this.#perform(parsed.meaning, this.#vtyshContext(parsed.words, out), line)
    }
  }

  #perform(meaning: Meaning, context: VtyshContext, line: string): number {
    switch (meaning.kind) {
      case 'run':
        meaning.action(context)
        return 0
      case 'configure':
        this.#mode.isConfiguring = true
        return 0
      case 'leave':
        this.hasLeft = true
        return 0
      case 'ignore':
        return 0
      case 'absent':
        context.error(`${meaning.daemon} is not running\n`)
        return 1
      case 'unmodelled':
        context.error(`drylab: vtysh command "${line.trim()}" is not modelled\n`)
        return 1
    }
  }

  #vtyshContext(words: readonly string[], out: (text: string) => void): VtyshContext {
    return {
      node: this.#node,
      router: this.#router,
      simulator: this.#node.host.simulator,
      version: this.#router.model.version,
      words,
      out,
      error: text => this.#context.error(text),
    }
  }
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern)
  } catch {
    return undefined
  }
}
