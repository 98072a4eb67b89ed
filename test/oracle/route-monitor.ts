import { type ChildProcess, spawn } from 'node:child_process'

/** Notes when routes or nexthop objects of network namespaces change, with `ip monitor` in each. */
export class RouteMonitor {
  /** The kernels' last change, milliseconds since 1970, by the tool's own clock. */
  lastChangeMs = 0
  readonly #processes: readonly ChildProcess[]

  constructor(spaces: readonly string[]) {
    this.#processes = spaces.map(space => {
      const child = spawn('ip', ['-ts', '-n', space, 'monitor', 'route', 'nexthop'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      child.stdout.on('data', (text: Buffer) => this.#read(text.toString('latin1')))
      return child
    })
  }

  stop(): void {
    for (const child of this.#processes) child.kill()
  }

  /** `[2026-11-23T06:50:12.123456] 10.0.0.0/24 nhid 12 proto bgp metric 20` */
  #read(text: string): void {
    for (const [, stamp] of text.matchAll(/\[(\d+-\d+-\d+T[\d:.]+)\]/g))
      this.lastChangeMs = Math.max(this.lastChangeMs, new Date(stamp!.slice(0, 23)).getTime() || 0)
  }
}
