import { parseFrrVersion } from '../../../model/frr-version.ts'
import type { Statement } from '../statement.ts'

/** Statements that set a line of running-config and nothing that is simulated. */
const HARMLESS = [
  'service <what=integrated-vtysh-config|password-encryption|advanced-vty|cputime-stats>',
  'service terminal-length <n:number 0-512>',
  'log <what:rest>',
  'password <password:rest>',
  'enable password <password:rest>',
  'banner <what:rest>',
  'username <name:word> <rest:rest>',
  'debug <what:rest>',
  'domainname <name:word>',
  'allow-reserved-ranges',
  'agentx',
]

const harmless = HARMLESS.map(
  (syntax): Statement => ({
    node: 'config',
    syntax,
    no: syntax,
    apply({ draft }, values) {
      const text = values.line
      const key = text.startsWith('log ') ? text.split(' ').slice(0, 2).join(' ') : text
      if (values.isNegated) draft.globalLines.delete(key)
      else draft.globalLines.set(key, text)
    },
  }),
)

export const globalStatements: readonly Statement[] = [
  {
    node: 'config',
    syntax: 'frr version <version:rest>',
    apply({ draft }, values) {
      draft.writtenVersion = parseFrrVersion(values.text('version'))
    },
  },
  {
    node: 'config',
    syntax: 'frr defaults <profile=traditional|datacenter>',
    no: 'frr defaults [<profile=traditional|datacenter>]',
    apply({ draft }, values) {
      draft.defaults = values.isNegated || values.text('profile') === 'traditional' ? 'traditional' : 'datacenter'
    },
  },
  {
    node: 'config',
    syntax: 'hostname <name:word>',
    no: 'hostname [<name:word>]',
    apply({ draft }, values) {
      draft.hostName = values.isNegated ? undefined : values.text('name')
    },
  },
  { node: 'config', syntax: 'line vty', apply: context => context.enterVty() },
  {
    node: 'vty',
    syntax: 'exec-timeout <minutes:number 0-35791> [<seconds:number 0-2147483>]',
    no: 'exec-timeout',
    apply: recordVtyLine,
  },
  { node: 'vty', syntax: 'access-class <name:word>', no: 'access-class [<name:word>]', apply: recordVtyLine },
  { node: 'vty', syntax: 'login', no: 'login', apply: recordVtyLine },
  ...harmless,
]

function recordVtyLine(...[{ draft }, values]: Parameters<Statement['apply']>): void {
  draft.vtyLines.push(values.isNegated ? `no ${values.line}` : values.line)
}
