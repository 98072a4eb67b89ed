import type { Cluster } from '../../src/kubernetes/cluster.ts'
import { Lab } from '../../src/lab/lab.ts'
import type { CommandResult } from '../../src/shell/command.ts'
import type { ReadOnlyFiles } from '../../src/shell/files.ts'
import { Terminal } from '../../src/shell/terminal.ts'

/** A kind cluster of this many workers on a machine with these files, typed at through the terminal. */
export class ClusterBench {
  readonly lab: Lab
  readonly terminal: Terminal

  constructor(files: Readonly<Record<string, string>> = {}, seed = 1) {
    this.lab = new Lab({ seed })
    const texts = new Map(Object.entries(files).map(([name, text]) => [`/lab/${name}`, text]))
    this.terminal = new Terminal(this.lab, { files: memoryFiles(texts) })
  }

  get cluster(): Cluster {
    return this.lab.cluster!
  }

  async run(text: string, stdin = ''): Promise<CommandResult> {
    return this.terminal.run(text, { cwd: '/lab', stdin })
  }

  /** What a command that succeeds prints on stdout; fails the test when it does not succeed. */
  async out(text: string, stdin = ''): Promise<string> {
    const result = await this.run(text, stdin)
    if (result.exitCode !== 0) throw new Error(`${text}: exit ${result.exitCode}\n${result.stdout}${result.stderr}`)
    return result.stdout
  }

  /** Runs until no work is pending. */
  settle(): void {
    const { simulator } = this.lab
    const outcome = simulator.runUntilQuiet(simulator.nowNs + 600e9)
    if (outcome !== 'quiet') throw new Error(`not settled: ${simulator.pendingWorkOrigins().join(', ')}`)
  }

  /** Creates the cluster, with Cilium unless told otherwise, and settles. */
  async create(workers = 2, withCilium = true): Promise<this> {
    const roles = ['control-plane', ...Array.from({ length: workers }, () => 'worker')]
    const config = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking: {disableDefaultCNI: true, kubeProxyMode: none, podSubnet: 10.1.0.0/16}
nodes: [${roles.map(role => `{role: ${role}}`).join(', ')}]
`
    await this.out('kind create cluster --config -', config)
    if (withCilium) {
      await this.out(
        'helm install cilium cilium/cilium --version 1.16.0 -n kube-system --set kubeProxyReplacement=true,routingMode=native,ipam.mode=kubernetes,bgpControlPlane.enabled=true',
      )
    }
    this.settle()
    return this
  }
}

/** Read-only files held in memory. */
function memoryFiles(texts: ReadonlyMap<string, string>): ReadOnlyFiles {
  const inside = (path: string) => {
    const prefix = `${path.replace(/\/$/, '')}/`
    const names = [...texts.keys()].filter(name => name.startsWith(prefix))
    return [...new Set(names.map(name => name.slice(prefix.length).split('/')[0]!))].sort()
  }
  return {
    readText: path => texts.get(path),
    kindOf: path => (texts.has(path) ? 'file' : inside(path).length > 0 ? 'folder' : undefined),
    list: inside,
  }
}
