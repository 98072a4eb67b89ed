import type { LabNode } from '../lab/node.ts'
import { formatIpv4, type Ipv4Address, parseIpv4 } from '../wire/address.ts'
import type { LiveFiles } from './files.ts'

const SYSCTLS = '/proc/sys/'
const HOSTS = '/etc/hosts'
const NAMESPACES = /^\/proc\/self\/ns\/(cgroup|ipc|mnt|net|pid|user|uts)$/

/**
 * Files of a container that are not stored but asked for: `/proc/sys/net/…` are its sysctls, `/etc/hosts` the names it
 * resolves. Of what is written to `/etc/hosts` only IPv4 addresses with their names have an effect.
 */
export function liveFiles({ host, hostName }: LabNode): LiveFiles {
  const sysctlOf = (path: string) => (path.startsWith(SYSCTLS) ? host.sysctl.get(sysctlKey(path)) : undefined)
  return {
    read(path) {
      const value = sysctlOf(path)
      if (value !== undefined) return `${value}\n`
      // Differs from Linux: plain files, not links; setup scripts list them to see that a container is up
      if (NAMESPACES.test(path)) return ''
      if (path !== HOSTS) return undefined
      const own = host.names.has(hostName) ? [] : [`127.0.1.1\t${hostName}\n`]
      const names = [...host.names].map(([name, address]) => `${formatIpv4(address)}\t${name}\n`)
      return ['127.0.0.1\tlocalhost\n', ...own, ...names].join('')
    },
    write(path, text, isAppended) {
      if (sysctlOf(path) !== undefined) {
        // opening with O_TRUNC writes nothing, and every write(2) is a whole value
        return text === '' || host.sysctl.set(sysctlKey(path), text).ok ? 'written' : 'invalid'
      }
      if (NAMESPACES.test(path)) return 'invalid'
      if (path !== HOSTS) return 'stored'
      if (!isAppended) host.names.clear()
      for (const { name, address } of hostsEntries(text)) {
        if (name !== 'localhost' && !host.names.has(name)) host.names.set(name, address)
      }
      return 'written'
    },
  }
}

/** `/proc/sys/net/ipv4/conf/eth1.100/rp_filter` → `net.ipv4.conf.eth1/100.rp_filter`: dots and slashes change places. */
function sysctlKey(path: string): string {
  return path.slice(SYSCTLS.length).replace(/[./]/g, character => (character === '/' ? '.' : '/'))
}

/** Names of hosts(5) text; of a name's lines the first counts. */
function hostsEntries(text: string): { name: string; address: Ipv4Address }[] {
  const entries: { name: string; address: Ipv4Address }[] = []
  for (const line of text.split('\n')) {
    const [first, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    const address = parseIpv4(first ?? '')
    if (address === undefined) continue
    for (const name of names) if (!entries.some(entry => entry.name === name)) entries.push({ name, address })
  }
  return entries
}
