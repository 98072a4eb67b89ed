import { resolvePath } from '../config/path.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { type Coroutine, join, Signal, startCoroutine, type Task } from '../sim/coroutine.ts'
import { quoteWord } from '../text/tokenize.ts'
import type { Command, CommandContext, CommandResult, Handover } from './command.ts'
import { Conductor, type ConductorOptions, Job } from './conductor.ts'
import { Files, type ReadOnlyFiles } from './files.ts'
import { liveFiles } from './live-files.ts'
import { plainWords } from './plain-words.ts'
import { COMMANDS } from './registry.ts'
import type { CommandPlace, ScriptText } from './script-text.ts'

export interface TerminalOptions extends ConductorOptions {
  /** Files of the machine on which the lab runs. */
  readonly files?: ReadOnlyFiles
  /** Most simulated time one command may take before it gets Ctrl-C, seconds. */
  readonly commandLimitSeconds?: number
}

/** Where one command runs and with what. */
export interface Place {
  readonly node: LabNode
  readonly cwd: string
  readonly stdin: string
  readonly environment: ReadonlyMap<string, string>
  /** Takes the variables and the folder that text leaves behind, so that a prompt's next line finds them. */
  readonly session?: Session
  /** The file that the text is part of. */
  readonly script?: ScriptText
  /** The shell it belongs to, when that is not the prompt itself. */
  readonly job?: Job
}

interface Session {
  keep(environment: Readonly<Record<string, string>>): void
}

/** A command started in "another terminal". */
export interface BackgroundCommand {
  readonly task: Task<CommandResult>
  /** What it has printed so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string }
}

const COMMAND_LIMIT_SECONDS = 3600
const BY_NAME: ReadonlyMap<string, Command> = new Map(COMMANDS.map(command => [command.name, command]))

/**
 * Where text is typed: it finds commands, gives them their surroundings and drives the simulator until they have ended.
 * One plain command runs by itself; anything with pipes, loops or redirections goes through the shell language (just-bash),
 * which is loaded only then.
 */
export class Terminal {
  readonly lab: Lab
  /** Runs the events that commands wait for. */
  readonly conductor: Conductor
  readonly #machineFiles: Files
  readonly #nodeFiles = new Map<LabNode, Files>()
  readonly #options: TerminalOptions
  #interruption = new AbortController()

  constructor(lab: Lab, options: TerminalOptions = {}) {
    this.lab = lab
    this.#options = options
    this.conductor = new Conductor(lab.simulator, options)
    this.#machineFiles = new Files(options.files)
  }

  /** The file tree a node sees: the machine's own, or what is bound and written into a container. */
  filesOf(node: LabNode): Files {
    if (node === this.lab.machine) return this.#machineFiles
    let files = this.#nodeFiles.get(node)
    if (files === undefined) {
      files = new Files(undefined, node.files, liveFiles(node))
      this.#nodeFiles.set(node, files)
    }
    return files
  }

  /** Ctrl-C: ends the command that runs and the shell text it is part of. */
  interrupt(): void {
    this.#interruption.abort()
  }

  /** Tells the shell at a place that it shall end. */
  interruptionAt({ job }: Place): AbortSignal {
    return (job?.interruption ?? this.#interruption).signal
  }

  /** Runs text as typed at a prompt: an interruption of before is over. */
  async runTyped(text: string, place: Partial<Place> = {}): Promise<CommandResult> {
    this.#interruption = new AbortController()
    const result = await this.run(text, place)
    return this.#interruption.signal.aborted ? { ...result, exitCode: 130 } : result
  }

  /** Runs text. */
  async run(text: string, place: Partial<Place> = {}): Promise<CommandResult> {
    const at = this.#complete(place)
    const words = plainWords(text)
    if (words !== undefined && BY_NAME.has(words[0]!)) return this.runWords(words, at)
    return this.runScript(text, at)
  }

  /** Runs one command given as words. */
  async runWords(words: readonly string[], place: Place): Promise<CommandResult> {
    const found = this.#find(words, place)
    if (found === undefined) return this.runScript(words.map(quoteWord).join(' '), place)
    const { output, task } = this.#start(found, words, place)
    if (place.job !== undefined) place.job.running = words
    await this.#drive(task, place)
    if (place.job !== undefined) place.job.running = undefined
    // a loop of short commands shall hear Ctrl-C too
    await this.#options.breathe?.()
    const result = task.result
    if (typeof result === 'number') return { ...output, exitCode: result }
    if (result === undefined)
      return { ...output, stderr: `${output.stderr}${words[0]}: nothing more will happen in the lab\n`, exitCode: 1 }
    const next = { ...place, node: result.node, cwd: result.node === place.node ? place.cwd : '/' }
    const rest =
      result.words === undefined ? await this.run(result.script ?? '', next) : await this.runWords(result.words, next)
    return { stdout: output.stdout + rest.stdout, stderr: output.stderr + rest.stderr, exitCode: rest.exitCode }
  }

  /** Runs text in the shell's language. */
  async runScript(text: string, place: Place): Promise<CommandResult> {
    const { runBash } = await import('./bash.ts')
    return runBash(this, text, place)
  }

  /** Starts text that goes on while others run. What needs the shell's language prints at its end only. */
  start(text: string, place: Partial<Place> = {}): BackgroundCommand {
    const at = this.#complete(place)
    const words = plainWords(text)
    const output = { stdout: '', stderr: '' }
    const { simulator, machine } = this.lab
    const task = startCoroutine(
      simulator,
      simulator.origin(`terminal ${machine.name} background`),
      words === undefined ? this.#ask(text, at, output) : this.#inline(words, at, output),
    )
    return { task, output: () => output }
  }

  /** Runs a command inside another one's coroutine. What needs the shell's language is asked of whoever drives. */
  *#inline(
    words: readonly string[],
    place: Place,
    output: { stdout: string; stderr: string },
  ): Coroutine<CommandResult> {
    const found = this.#find(words, place)
    if (found === undefined) return yield* this.#ask(words.map(quoteWord).join(' '), place, output)
    const started = this.#start(found, words, place, output)
    const result = yield* join(started.task)
    if (typeof result === 'number') return { ...output, exitCode: result }
    const next = { ...place, node: result.node, cwd: result.node === place.node ? place.cwd : '/' }
    const rest = result.words ?? plainWords(result.script ?? '')
    return rest === undefined
      ? yield* this.#ask(result.script ?? '', next, output)
      : yield* this.#inline(rest, next, output)
  }

  /** Runs text in a shell of its own and waits for its end. Ctrl-C goes there. */
  *#ask(text: string, place: Place, output: { stdout: string; stderr: string }): Coroutine<CommandResult> {
    const job = new Job()
    const done = new Signal()
    let result: CommandResult | undefined
    this.conductor.spawn(async () => {
      result = await this.runScript(text, { ...place, job })
      done.notify()
    })
    while (result === undefined) if ((yield { signal: done }) === 'interrupt') job.interruption.abort()
    const { stdout, stderr, exitCode } = result as CommandResult
    output.stdout += stdout
    output.stderr += stderr
    return { ...output, exitCode }
  }

  /** The emulated command of this name at this place; undefined when the shell shall look for one of its own. */
  #find(words: readonly string[], place: Place): Command | undefined {
    const name = words[0] ?? ''
    const command = BY_NAME.get(name.slice(name.lastIndexOf('/') + 1))
    const isHere =
      command !== undefined &&
      (command.where === 'everywhere' || (command.where === 'machine') === (place.node === this.lab.machine))
    return isHere ? command : undefined
  }

  #start(command: Command, words: readonly string[], place: Place, output = { stdout: '', stderr: '' }) {
    const { simulator } = this.lab
    const files = this.filesOf(place.node)
    let located: { readonly place: CommandPlace | undefined } | undefined
    const context: CommandContext = {
      lab: this.lab,
      node: place.node,
      args: words.slice(1),
      stdin: place.stdin,
      cwd: place.cwd,
      environment: place.environment,
      readFile: path => files.readText(resolvePath(place.cwd, path)),
      place: () => {
        located ??= { place: place.script?.locate(words) }
        return located.place
      },
      inputPlace: () => place.script?.locateText(place.stdin),
      writeFile: (path, text) => files.write(resolvePath(place.cwd, path), text),
      listFolder: path => files.list(resolvePath(place.cwd, path)),
      out: text => {
        output.stdout += text
      },
      error: text => {
        output.stderr += text
      },
      runCommand: (node, inner, stdin = '') =>
        this.#inline(
          inner,
          { ...place, node, stdin, cwd: node === place.node ? place.cwd : '/' },
          { stdout: '', stderr: '' },
        ),
    }
    const task: Task<number | Handover> = startCoroutine(
      simulator,
      simulator.origin(`terminal ${place.node.containerName}`),
      command.run(context),
    )
    return { output, task }
  }

  /** Waits until the task has ended; a command that takes too long gets Ctrl-C. */
  async #drive(task: Task<unknown>, place: Place): Promise<void> {
    const limitNs = this.lab.simulator.nowNs + (this.#options.commandLimitSeconds ?? COMMAND_LIMIT_SECONDS) * 1e9
    const interruption = this.interruptionAt(place)
    let interrupted = false
    while (!task.isDone) {
      const outcome = await this.conductor.wait(
        () => task.isDone || (interruption.aborted && !interrupted),
        interrupted ? limitNs + 60e9 : limitNs,
        place.job,
      )
      if (task.isDone || outcome === 'events' || (outcome === 'deadline' && interrupted)) return
      interrupted = true
      task.interrupt()
    }
  }

  #complete(place: Partial<Place>): Place {
    return {
      node: place.node ?? this.lab.machine,
      cwd: place.cwd ?? '/',
      stdin: place.stdin ?? '',
      environment: place.environment ?? new Map(),
      ...(place.session === undefined ? {} : { session: place.session }),
      ...(place.job === undefined ? {} : { job: place.job }),
      ...(place.script === undefined ? {} : { script: place.script }),
      ...(place.job === undefined ? {} : { job: place.job }),
    }
  }
}
