import type { Command } from './command.ts'
import { arp } from './commands/arp.ts'
import { brctl } from './commands/brctl.ts'
import { bridge } from './commands/bridge.ts'
import { cilium, ciliumDbg } from './commands/cilium.ts'
import { clab, containerlab } from './commands/clab.ts'
import { curl } from './commands/curl.ts'
import { date } from './commands/date.ts'
import { docker } from './commands/docker.ts'
import { ethtool } from './commands/ethtool.ts'
import { gobgp } from './commands/gobgp.ts'
import { helm } from './commands/helm.ts'
import { hostname } from './commands/hostname.ts'
import { ifconfig } from './commands/ifconfig.ts'
import { ip } from './commands/ip.ts'
import { iptables } from './commands/iptables.ts'
import { kind } from './commands/kind.ts'
import { kubectl } from './commands/kubectl.ts'
import { mount } from './commands/mount.ts'
import { netstat } from './commands/netstat.ts'
import { ping } from './commands/ping.ts'
import { route } from './commands/route.ts'
import { bash, sh } from './commands/sh.ts'
import { sleep } from './commands/sleep.ts'
import { ss } from './commands/ss.ts'
import { sudo } from './commands/sudo.ts'
import { sysctl } from './commands/sysctl.ts'
import { tc } from './commands/tc.ts'
import { tcpdump } from './commands/tcpdump.ts'
import { traceroute } from './commands/traceroute.ts'
import { vtysh } from './commands/vtysh.ts'

/** Every emulated command, one line each. Shells and `docker exec` look names up here. */
export const COMMANDS: readonly Command[] = [
  arp,
  bash,
  brctl,
  bridge,
  cilium,
  ciliumDbg,
  clab,
  containerlab,
  curl,
  date,
  docker,
  ethtool,
  gobgp,
  helm,
  hostname,
  ifconfig,
  ip,
  iptables,
  kind,
  kubectl,
  mount,
  netstat,
  ping,
  route,
  sh,
  sleep,
  ss,
  sudo,
  sysctl,
  tc,
  tcpdump,
  traceroute,
  vtysh,
]
