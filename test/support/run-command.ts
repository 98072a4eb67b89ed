import { Host } from '../../src/host/host.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { LabNode } from '../../src/lab/node.ts'
import { Cable, type CableOptions } from '../../src/link/cable.ts'
import { Port } from '../../src/link/port.ts'
import type { Command, CommandContext, CommandResult } from '../../src/shell/command.ts'
import { startCoroutine } from '../../src/sim/coroutine.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { splitWords } from '../../src/text/tokenize.ts'
import { type MacAddress, parseMac } from '../../src/wire/address.ts'

/** Hosts joined by cables, on which commands can be run as a shell would: enough of a lab for the tests of commands. */
export class Bench {
  readonly simulator = new Simulator()
  readonly nodes: LabNode[] = []
  readonly #commands: ReadonlyMap<string, Command>

  constructor(commands: readonly Command[]) {
    this.#commands = new Map(commands.map(command => [command.name, command]))
  }

  /** A new host with `lo` up. */
  addNode(name: string): LabNode {
    const host = new Host({ name, simulator: this.simulator, multipathSeed: 1 })
    host.setInterfaceUp(host.loopback, true)
    const node: LabNode = {
      name,
      containerName: `clab-bench-${name}`,
      labName: 'bench',
      kind: 'linux',
      image: 'none',
      hostName: name,
      host,
      environment: new Map(),
      files: new Map(),
      router: undefined,
      isRunning: true,
    }
    this.nodes.push(node)
    return node
  }

  node(name: string): LabNode {
    const node = this.nodes.find(candidate => candidate.name === name)
    if (node === undefined) throw new Error(`no node ${name}`)
    return node
  }

  /** A veth pair between two hosts, both ends up. Ends as `host:device`. */
  connect(
    a: string,
    b: string,
    options: { macs?: [string, string]; indexes?: [number, number]; cable?: CableOptions } = {},
  ): Cable {
    const ends = [a, b].map((end, at) => {
      const [hostName, device] = end.split(':') as [string, string]
      const macText = options.macs?.[at] ?? `02:00:00:00:${String(this.nodes.length).padStart(2, '0')}:0${at}`
      return { host: this.node(hostName).host, device, port: new Port(end, parseMac(macText) as MacAddress, 1500) }
    })
    const [left, right] = ends as [(typeof ends)[0], (typeof ends)[0]]
    const cable = new Cable(this.simulator, `${a} ${b}`, left.port, right.port, options.cable)
    const near = left.host.addInterface(left.port, left.device, options.indexes?.[0])
    const far = right.host.addInterface(right.port, right.device, options.indexes?.[1])
    near.peer = far
    far.peer = near
    return cable
  }

  /** Runs a command line to its end, letting simulated time pass (at most an hour). */
  run(nodeName: string, line: string): CommandResult {
    const words = splitWords(line)
    const command = this.#commands.get(words?.[0] ?? '')
    if (words === undefined || command === undefined) throw new Error(`cannot run ${line}`)
    const output = { stdout: '', stderr: '' }
    const context = this.#context(this.node(nodeName), words.slice(1), output)
    const { host } = context.node
    const task = startCoroutine(this.simulator, host.origin, command.run(context))
    this.simulator.runWhile(() => !task.isDone, this.simulator.nowNs + 3600e9)
    if (typeof task.result === 'object') throw new Error(`${line} hands over to another command`)
    return { ...output, exitCode: task.result ?? -1 }
  }

  #context(node: LabNode, args: readonly string[], output: { stdout: string; stderr: string }): CommandContext {
    const lab = { simulator: this.simulator, nodes: () => this.nodes, machine: node } as unknown as Lab
    const unsupported = (): never => {
      throw new Error('not part of the bench')
    }
    return {
      lab,
      node,
      args,
      stdin: '',
      cwd: '/',
      environment: new Map(),
      readFile: path => node.files.get(path),
      writeFile: (path, text) => void node.files.set(path, text),
      listFolder: () => undefined,
      out: text => {
        output.stdout += text
      },
      error: text => {
        output.stderr += text
      },
      runCommand: unsupported,
    }
  }
}
