import { execFile, execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import type { RecordedNode } from '../support/recorded-tables.ts'
import { RouteMonitor } from './route-monitor.ts'

/** Where Debian's package puts the daemons. */
const DAEMONS = '/usr/lib/frr'
const RELEASE = '8.4.4'

/** A lab counts as stable when all sessions are up and nothing has changed for this long. */
const QUIET_SECONDS = 8
const LIMIT_SECONDS = 150

/** How long real routers took. */
export interface RealTimes {
  /** From the start of the daemons to the last change of a kernel's routes. */
  readonly convergeSeconds: number
  /** From the end of the link to the last change. */
  readonly linkFailureSeconds: number
  /** Routes of BGP in all kernels when at rest. */
  readonly routes: number
}

interface Topology {
  readonly nodes: Readonly<
    Record<
      string,
      { readonly kind?: string; readonly binds?: readonly string[]; readonly exec?: readonly string[] } | null
    >
  >
  readonly links?: readonly { readonly endpoints: readonly [string, string]; readonly mtu?: number }[]
}

/** Why real FRR cannot be asked here; undefined when it can. */
export function whyNotHere(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root for network namespaces'
  if (!existsSync(join(DAEMONS, 'bgpd'))) return `it needs FRR ${RELEASE} (Debian: apt-get install frr)`
  const version = execFileSync(join(DAEMONS, 'bgpd'), ['-v'], { encoding: 'utf8' })
  if (!version.includes(RELEASE)) return `the recordings are of FRR ${RELEASE}, here is ${version.split('\n')[0]}`
  try {
    execFileSync('ip', ['netns', 'add', 'drylab-probe'], { stdio: 'ignore' })
    execFileSync('ip', ['netns', 'delete', 'drylab-probe'], { stdio: 'ignore' })
  } catch {
    return 'network namespaces cannot be made here'
  }
  return undefined
}

/** A containerlab file on this machine's FRR: a network namespace for each node, zebra, staticd and bgpd in each router's. */
export class RealLab {
  readonly #folder: string
  readonly #topology: Topology
  readonly #tag = `dl${process.pid}`
  readonly #configurations = new Map<string, string>()

  constructor(file: string) {
    this.#folder = dirname(file)
    this.#topology = (parse(readFileSync(file, 'utf8'), { merge: true }) as { topology: Topology }).topology
    for (const [name, node] of Object.entries(this.#topology.nodes)) {
      const bind = node?.binds?.find(text => text.split(':')[1] === '/etc/frr/frr.conf')
      if (bind !== undefined)
        this.#configurations.set(name, readFileSync(join(this.#folder, bind.split(':')[0]!), 'utf8'))
    }
  }

  /** Builds the lab, lets it settle and returns its tables; takes everything away again in any case. */
  async record(): Promise<ReadonlyMap<string, RecordedNode>> {
    try {
      this.#plumb()
      for (const name of this.#configurations.keys()) await this.#startDaemons(name)
      await Promise.all([...this.#configurations.keys()].map(name => this.#configure(name)))
      await this.#settle()
      return new Map(Object.keys(this.#topology.nodes).flatMap(name => this.#tables(name)))
    } finally {
      await this.#remove()
    }
  }

  /**
   * Builds the lab, starts all routers at once and cuts a link when they are at rest: how long routes changed, by the
   * kernels' own notes. The configuration is read within that time, as a container's start would.
   *
   * @param cut end of a link between routers, `node:device`, that is shut down
   */
  async converge(cut: string): Promise<RealTimes> {
    const routers = [...this.#configurations.keys()]
    let monitor: RouteMonitor | undefined
    try {
      this.#plumb()
      monitor = new RouteMonitor(routers.map(name => this.#space(name)))
      await wait(1000)
      const startMs = Date.now()
      const start = async (name: string): Promise<void> => {
        await this.#startDaemons(name)
        await this.#configure(name)
      }
      await Promise.all(routers.map(start))
      await this.#settle()
      const convergedMs = monitor.lastChangeMs
      const routes = routers.reduce((sum, name) => sum + this.#bgpRoutes(name), 0)
      const [node, device] = cut.split(':') as [string, string]
      const cutMs = Date.now()
      this.#inside(node, ['ip', 'link', 'set', device, 'down'])
      await wait(QUIET_SECONDS * 1000)
      return {
        convergeSeconds: (convergedMs - startMs) / 1000,
        linkFailureSeconds: (monitor.lastChangeMs - cutMs) / 1000,
        routes,
      }
    } finally {
      monitor?.stop()
      await this.#remove()
    }
  }

  #bgpRoutes(name: string): number {
    return this.#inside(name, ['ip', 'route', 'show', 'proto', 'bgp']).match(/^\S/gm)?.length ?? 0
  }

  #space(name: string): string {
    return `${this.#tag}-${name}`
  }

  #inside(name: string, words: readonly string[]): string {
    return run('ip', ['netns', 'exec', this.#space(name), ...words])
  }

  #vtysh(name: string, command: string): string {
    return this.#inside(name, ['vtysh', '-N', this.#space(name), '-c', command])
  }

  #plumb(): void {
    const isBridge = (name: string): boolean => this.#topology.nodes[name]?.kind === 'bridge'
    for (const name of Object.keys(this.#topology.nodes)) {
      run('ip', ['netns', 'add', this.#space(name)])
      this.#inside(name, ['ip', 'link', 'set', 'lo', 'up'])
      if (isBridge(name)) {
        this.#inside(name, ['ip', 'link', 'add', name, 'type', 'bridge', 'stp_state', '0'])
        this.#inside(name, ['ip', 'link', 'set', name, 'up'])
      } else {
        const off = ['net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.default.rp_filter=0']
        this.#inside(name, ['sysctl', '-qw', 'net.ipv4.ip_forward=1', ...off])
      }
    }
    for (const { endpoints, mtu = 9500 } of this.#topology.links ?? []) {
      const [a, b] = endpoints.map(end => end.split(':') as [string, string]) as [[string, string], [string, string]]
      const words = ['link', 'add', 'name', a[1], 'mtu', String(mtu), 'netns', this.#space(a[0]), 'type', 'veth']
      run('ip', [...words, 'peer', 'name', b[1], 'mtu', String(mtu), 'netns', this.#space(b[0])])
      for (const [name, device] of [a, b]) {
        if (isBridge(name)) this.#inside(name, ['ip', 'link', 'set', device, 'master', name])
        this.#inside(name, ['ip', 'link', 'set', device, 'up'])
      }
    }
    for (const [name, node] of Object.entries(this.#topology.nodes))
      for (const line of node?.exec ?? []) this.#inside(name, ['sh', '-c', line])
  }

  /** Its own UTS namespace carries the host name that bgpd announces. */
  async #startDaemons(name: string): Promise<void> {
    const space = this.#space(name)
    const [user, group] = ['-u', '-g'].map(option => Number(run('id', [option, 'frr'])))
    for (const folder of [`/etc/frr/${space}`, `/var/run/frr/${space}`]) {
      mkdirSync(folder, { recursive: true })
      chownSync(folder, user!, group!)
    }
    for (const [file, text] of [
      ['frr.conf', this.#configurations.get(name)!],
      ['vtysh.conf', ''],
    ] as const) {
      writeFileSync(`/etc/frr/${space}/${file}`, text)
      chownSync(`/etc/frr/${space}/${file}`, user!, group!)
    }
    const start = ['zebra', 'bgpd', 'staticd'].map(each => `${DAEMONS}/${each} -N ${space} -d -A 127.0.0.1`)
    const inside = ['unshare', '--uts', 'sh', '-c', `hostname ${name} && ${start.join(' && ')}`]
    await promisify(execFile)('ip', ['netns', 'exec', space, ...inside])
  }

  async #configure(name: string): Promise<void> {
    const space = this.#space(name)
    await promisify(execFile)('ip', ['netns', 'exec', space, 'vtysh', '-N', space, '-b'])
  }

  async #settle(): Promise<void> {
    const end = Date.now() + LIMIT_SECONDS * 1000
    let last = ''
    let since = Date.now()
    while (Date.now() < end) {
      const seen = [...this.#configurations.keys()].map(name => this.#signature(name))
      if (seen.join('\n') !== last) since = Date.now()
      last = seen.join('\n')
      if (!seen.includes('down') && Date.now() - since > QUIET_SECONDS * 1000) return
      await wait(1000)
    }
    throw new Error(`not stable after ${LIMIT_SECONDS} s`)
  }

  /** What must not change any more; `down` while a session is. */
  #signature(name: string): string {
    const summary = JSON.parse(this.#vtysh(name, 'show ip bgp summary json') || '{}') as {
      ipv4Unicast?: { tableVersion: number; peers: Record<string, { state: string; pfxRcd?: number; pfxSnt?: number }> }
    }
    const peers = Object.values(summary.ipv4Unicast?.peers ?? {})
    if (summary.ipv4Unicast === undefined || peers.some(peer => peer.state !== 'Established')) return 'down'
    const counts = peers.map(peer => `${peer.pfxRcd} ${peer.pfxSnt}`).join()
    return `${summary.ipv4Unicast.tableVersion} ${counts} ${this.#inside(name, ['ip', 'route'])}`
  }

  #tables(name: string): readonly [string, RecordedNode][] {
    if (this.#topology.nodes[name]?.kind === 'bridge') return []
    const fib = JSON.parse(this.#inside(name, ['ip', '-j', 'route', 'show', 'table', 'main']) || '[]')
    if (!this.#configurations.has(name)) return [[name, { fib }]]
    return [[name, { fib, bgp: JSON.parse(this.#vtysh(name, 'show ip bgp json') || '{}') }]]
  }

  /** Ends only the daemons that this lab started: those named in its own folders. */
  async #remove(): Promise<void> {
    for (const name of this.#configurations.keys()) {
      const folder = `/var/run/frr/${this.#space(name)}`
      const files = existsSync(folder) ? readdirSync(folder).filter(file => file.endsWith('.pid')) : []
      for (const file of files) {
        const pid = readFileSync(join(folder, file), 'utf8').trim()
        const line = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : ''
        if (line.includes(this.#space(name))) process.kill(Number(pid), 'SIGTERM')
      }
    }
    await wait(1500)
    for (const name of Object.keys(this.#topology.nodes)) {
      try {
        run('ip', ['netns', 'delete', this.#space(name)])
      } catch {
        // was never made
      }
      for (const folder of ['/etc/frr', '/var/run/frr'])
        rmSync(join(folder, this.#space(name)), { recursive: true, force: true })
    }
  }
}

function run(program: string, words: readonly string[]): string {
  return execFileSync(program, words, { encoding: 'utf8', maxBuffer: 64e6, stdio: ['ignore', 'pipe', 'pipe'] })
}
