import type { Lab } from '../../src/lab/lab.ts'
import { STATE_TABLES } from '../../src/state/tables.ts'

/** Everything by which two labs could differ: the state's rows, the journal, the events to come. */
export function digest(lab: Lab): unknown {
  const { simulator } = lab
  const hosts = [lab.machine.host, ...lab.nodes().map(({ host }) => host)]
  return {
    nowNs: simulator.nowNs,
    events: simulator.executedEvents,
    pendingWork: simulator.pendingWork,
    pending: simulator.pendingWorkOrigins(),
    sequences: hosts.map(({ origin, name }) => `${name} ${origin.nextSequence}`),
    rows: Object.fromEntries(Object.entries(STATE_TABLES).map(([name, table]) => [name, table.rows(lab)])),
    journal: simulator.journal.entries.map(entry => JSON.stringify(entry)),
  }
}
